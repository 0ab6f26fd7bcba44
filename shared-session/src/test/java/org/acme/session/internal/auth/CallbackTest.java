package org.acme.session.internal.auth;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.post;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.acme.session.contract.Digests;
import org.acme.session.contract.TokenSeal;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sign-in that is refused never shows its code to the provider. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class CallbackTest {

    @Inject
    TokenSeal seal;

    private static final String SECRET = "0.a-secret";
    private static final String GOOD_ISS = "&iss=https%3A%2F%2Fissuer.test";

    /** A sign-in under way: its state, and the cookie that binds it to the browser. */
    private record Begun(String state, String cookie) {}

    private static Begun begin() {
        HttpResponse<String> answer = get("auth/other", null, NAVIGATION);
        BegunSignIn begun = BegunSignIn.of(answer);
        return new Begun(begun.state(), begun.sentToCallback());
    }

    private static void assertMessagePage(HttpResponse<String> answer) {
        assertEquals(400, answer.statusCode());
        assertTrue(header(answer, "Content-Type").startsWith("text/html"));
        assertTrue(answer.body().contains("This sign-in did not finish"), answer.body());
        assertTrue(answer.body().contains("href=\"/notes/"), answer.body());
        assertFalse(answer.body().contains("Exception"));
        assertFalse(setCookies(answer).stream().anyMatch(cookie -> cookie.startsWith("sso=")));
    }

    private static void assertRefused(String query, String cookie) {
        int before = FakeProvider.codes();
        assertMessagePage(get("auth/other/callback" + query, cookie, NAVIGATION));
        assertEquals(before, FakeProvider.codes(), "the code was not shown to the provider");
    }

    @Test
    @DisplayName("I7: an answer that names the right issuer goes on to the provider")
    void theRightIssuerGoesOn() {
        Begun begun = begin();
        int before = FakeProvider.codes();
        assertMessagePage(
                get("auth/other/callback?state=" + begun.state() + "&code=c" + GOOD_ISS, begun.cookie(), NAVIGATION));
        assertEquals(before + 1, FakeProvider.codes());
    }

    @Test
    @DisplayName("I7: an answer of another issuer, or of none where the provider promises one, is refused")
    void anotherIssuerIsRefused() {
        Begun begun = begin();
        String query = "?state=" + begun.state() + "&code=c";
        assertRefused(query + "&iss=https%3A%2F%2Fevil.test", begun.cookie());
        assertRefused(query + "&iss=https%3A%2F%2Fissuer.test%2F", begun.cookie());
        assertRefused(query + "&iss=", begun.cookie());
        assertRefused(query, begun.cookie());
    }

    @Test
    @DisplayName("I10: parameters that come twice are refused")
    void duplicatesAreRefused() {
        Begun begun = begin();
        String query = "?state=" + begun.state() + "&code=c" + GOOD_ISS;
        for (String twice :
                List.of("&state=" + begun.state(), "&state=x", "&code=c", "&code=d", GOOD_ISS, "&error=a&error=b")) {
            assertRefused(query + twice, begun.cookie());
        }
    }

    @Test
    @DisplayName("I1: a callback in another browser makes no session")
    void anotherBrowserIsRefused() {
        Begun alices = begin();
        String query = "?state=" + alices.state() + "&code=c" + GOOD_ISS;
        assertRefused(query, null);
        assertRefused(query, begin().cookie());
    }

    @Test
    @DisplayName("I1 C5: a second cookie of a sign-in's name, before or behind it, keeps nobody from signing in (F39)")
    void aSecondCookieOfTheName() {
        for (boolean before : List.of(true, false)) {
            BegunSignIn begun = BegunSignIn.of(get("auth/other?x=1", null, NAVIGATION));
            String planted = begun.sentToCallback().replaceFirst("=.*", "=1.planted");
            String both = before ? planted + "; " + begun.sentToCallback() : begun.sentToCallback() + "; " + planted;
            assertEquals(303, get(begun.goodCallback(), both, NAVIGATION).statusCode(), both);
            assertMessagePage(get(begun.goodCallback(), planted, NAVIGATION));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "q_session=x",
                "q_session_other=x",
                "q_session_other=",
                "q_session_other=eyJhbGciOiJub25lIn0.e30.",
                "q_session_other_chunk_1=x",
                "q_session_other_chunk_a=x; q_session_other_chunk_b=y",
                "q_session_other=x; q_session_other=y",
                "q_session_keycloak=x",
                "q_auth_other=x",
                "q_auth_other_x=x|y",
            })
    @DisplayName(
            "I13: cookies of another application that signs in by quarkus-oidc keep nobody from signing in, and stay"
                    + " there")
    void cookiesOfAnotherApplication(String foreign) {
        BegunSignIn begun = BegunSignIn.of(get("auth/other?x=1", foreign, NAVIGATION));
        HttpResponse<String> signedIn = get(begun.goodCallback(), foreign + "; " + begun.sentToCallback(), NAVIGATION);
        assertEquals(303, signedIn.statusCode(), signedIn.body());
        assertTrue(setCookies(signedIn).stream().anyMatch(cookie -> cookie.startsWith("sso=s")));
        begun.cookies().forEach(cookie -> assertFalse(cookie.startsWith("q_"), cookie));
        setCookies(signedIn).forEach(cookie -> assertFalse(cookie.startsWith("q_"), cookie));
    }

    @Test
    @DisplayName("I3: a callback without state, opened late or by hand, is one message page")
    void noStateGetsAMessagePage() {
        for (String query :
                List.of("", "?", "?code=c", "?state=", "?state=never-begun&code=c", "?error=access_denied")) {
            assertRefused(query, null);
        }
    }

    @Test
    @DisplayName("I3: who is signed in already lands on the home page")
    void whoIsSignedInLands() {
        HttpResponse<String> answer = get("auth/other/callback", TestSessions.cookieOf("alice"), NAVIGATION);
        assertEquals(303, answer.statusCode());
        assertEquals("/notes/", header(answer, "Location").replaceFirst("^http://localhost:\\d+", ""));
    }

    @Test
    @DisplayName("I1: a form that another site posts to the callback makes no session")
    void aPostIsRefused() {
        Begun begun = begin();
        int before = FakeProvider.codes();
        HttpResponse<String> answer =
                post("auth/other/callback?state=" + begun.state() + "&code=c" + GOOD_ISS, begun.cookie(), NAVIGATION);
        assertMessagePage(answer);
        assertEquals(before, FakeProvider.codes());
    }

    private String state(String provider, Instant begun, String link) {
        return seal.forPurpose("state parameter")
                .seal(
                        new JsonObject()
                                .put("id", "abc")
                                .put("hash", Digests.sha256(SECRET).substring(0, 32))
                                .put("at", begun.getEpochSecond())
                                .put("flow", "x|y")
                                .put("link", link)
                                .encode(),
                        new TokenSeal.Place("/notes/auth/" + provider + "/callback", "state", "1"));
    }

    @Test
    @DisplayName(
            "I3 law 11: from a sign-in page that was bookmarked, or left open for a day, the way leads to its link")
    void muchTooLate() {
        String callback = "auth/other/callback?code=c&state="
                + state("other", Instant.now().minusSeconds(90_000), "/notes/open?x=1") + GOOD_ISS;
        int before = FakeProvider.codes();
        HttpResponse<String> answer = get(callback, "sso-in-abc=" + SECRET, NAVIGATION);
        assertMessagePage(answer);
        assertTrue(answer.body().contains("href=\"/notes/auth/other?return=%2Fnotes%2Fopen%3Fx%3D1\""), answer.body());
        HttpResponse<String> signedIn = get(callback, TestSessions.cookieOf("alice"), NAVIGATION);
        assertEquals(303, signedIn.statusCode());
        assertTrue(header(signedIn, "Location").endsWith("/notes/open?x=1"), header(signedIn, "Location"));
        assertEquals(before, FakeProvider.codes());
    }

    @Test
    @DisplayName("O4: with the provider unavailable a callback is told so, and may be tried again")
    void aProviderThatIsAwayIsSaid() {
        String state = state("keycloak", Instant.now(), "/notes/");
        HttpResponse<String> answer =
                get("auth/keycloak/callback?state=" + state + "&code=c", "sso-in-abc=" + SECRET, NAVIGATION);
        assertEquals(503, answer.statusCode());
        assertEquals("2", header(answer, "Retry-After"));
        assertEquals(List.of(), setCookies(answer));
    }

    @Test
    @DisplayName(
            "I1 I3: a callback counts once: reloaded, it shows nobody its code again, and who is signed in goes on")
    void aCallbackCountsOnce() {
        BegunSignIn begun = BegunSignIn.of(get("auth/other?x=1", null, NAVIGATION));
        HttpResponse<String> first = get(begun.goodCallback(), begun.sentToCallback(), NAVIGATION);
        assertEquals(303, first.statusCode(), first.body());
        List<String> jar = new ArrayList<>(begun.cookies());
        jar.addAll(setCookies(first));
        String left = BegunSignIn.sent(jar, "/notes/auth/other/callback");
        assertTrue(left.startsWith("sso=") && !left.contains("sso-in-"), left);
        int before = FakeProvider.codes();
        HttpResponse<String> again = get(begun.goodCallback(), left, NAVIGATION);
        assertEquals(303, again.statusCode(), again.body());
        assertTrue(header(again, "Location").endsWith("/notes/auth/other?x=1"), header(again, "Location"));
        assertMessagePage(get(begun.goodCallback(), null, NAVIGATION));
        assertEquals(before, FakeProvider.codes());
        assertFalse(setCookies(first).toString().contains("q_"), "nothing of quarkus-oidc's reaches a browser");
    }

    @Test
    @DisplayName(
            "I1 F39: a state that somebody else began is worth nothing with a cookie of this browser's own sign-in")
    void loginCsrf() {
        BegunSignIn attackers = BegunSignIn.of(get("auth/other", null, NAVIGATION));
        BegunSignIn victims = BegunSignIn.of(get("auth/other", null, NAVIGATION));
        assertRefused("?" + attackers.goodCallback().split("[?]")[1], victims.sentToCallback());
        String id = attackers.cookies().get(0).split("=")[0];
        String secret = victims.cookies().get(0).split("[=;]")[1];
        assertRefused("?" + attackers.goodCallback().split("[?]")[1], id + "=" + secret);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "temporarily_unavailable",
                "login_required",
                "interaction_required",
                "account_selection_required",
                "consent_required"
            })
    @DisplayName("I3 F9: a provider that could not finish is asked once more, for the same link, and not a third time")
    void askedOnceMore(String error) {
        int codes = FakeProvider.codes();
        String link = "auth/other?q=" + error;
        BegunSignIn first = BegunSignIn.of(get(link, null, NAVIGATION));
        HttpResponse<String> back = get(error(first, error), first.sentToCallback(), NAVIGATION);
        List<String> jar = new ArrayList<>(first.cookies());
        jar.addAll(setCookies(back));
        BegunSignIn second = new BegunSignIn(BegunSignIn.of(back).location(), jar);
        assertRefused("?" + first.goodCallback().split("[?]")[1], second.sentToCallback());
        assertEquals("/notes/" + link, second.end());
        assertEquals(codes + 1, FakeProvider.codes());

        HttpResponse<String> refused = get(error(second, error), second.sentToCallback(), NAVIGATION);
        assertEquals(403, refused.statusCode());
        assertTrue(refused.body().contains("You are not signed in"), refused.body());
    }

    @Test
    @DisplayName("I3 law 11: who cancels at the provider may try again, and then comes to the same link")
    void aCancelledSignIn() {
        BegunSignIn begun = BegunSignIn.of(get("auth/other?q=1", null, NAVIGATION));
        HttpResponse<String> answer = get(error(begun, "access_denied"), begun.sentToCallback(), NAVIGATION);
        assertEquals(403, answer.statusCode());
        String again = answer.body().replaceFirst("(?s).*href=\"/notes/(auth/other[?]return=[^\"]*)\".*", "$1");
        List<String> jar = new ArrayList<>(begun.cookies());
        jar.addAll(setCookies(answer));
        assertTrue(again.endsWith("return=%2Fnotes%2Fauth%2Fother%3Fq%3D1"), again);
        BegunSignIn second = BegunSignIn.of(get(again, BegunSignIn.sent(jar, "/notes/auth/other"), NAVIGATION));
        assertEquals("/notes/" + again, second.end());
    }

    private static String error(BegunSignIn signIn, String error) {
        return "auth/other/callback?error=" + error + "&error_description=authentication_expired&state="
                + signIn.state() + GOOD_ISS;
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "x.", "test.", "test.AAAA", "%00", "%", "{}", "a|b", "caf%C3%A9", "test.%2B%2F=="})
    @DisplayName("I3: a state that is garbled or made up is one message page, and nobody is asked")
    void aGarbledState(String state) {
        assertRefused(
                "?code=c&state="
                        + state.replace("%", "%25")
                                .replace("{", "%7B")
                                .replace("}", "%7D")
                                .replace("|", "%7C"),
                null);
        String good = begin().state();
        assertRefused("?code=c&state=" + good.substring(0, good.length() - 1), null);
        assertRefused("?code=c&state=" + good + "A".repeat(10_000), null);
    }

    @Test
    @DisplayName("L9 a sign-in that an older instance began ends on the message page")
    void ofAnOlderInstance() {
        String state = "0b0e6f6b-1c5e-4e0b-9d1a-6a1d1c1a1b1c";
        assertRefused("?state=" + state + "&code=c" + GOOD_ISS, "q_auth_other_" + state + "=" + state + "|a.b.c.d.e");
    }
}
