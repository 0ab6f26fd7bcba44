package org.acme.session.internal.auth;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.post;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.acme.session.contract.Identity;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.Tokens;
import org.acme.session.internal.oidc.ProviderAnswer;
import org.acme.session.notes.FakeProvider;
import org.acme.session.notes.StepUpSignIn;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a person sees of every kind of answer of a provider: the rows of {@code provider-answers.txt}, in a browser. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
@TestProfile(ProviderTroubleTest.Impatient.class)
class ProviderTroubleTest {

    /** Slow answers are too slow soon. */
    public static final class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("sso.refresh.request-timeout", "1500ms", "sso.refresh.provider-timeout", "1s");
        }
    }

    private static final Pattern SIGN_IN_AGAIN = Pattern.compile("href=\"/notes/([^\"]*)\">Sign in again<");

    FakeProvider provider;

    @AfterEach
    void well() {
        provider.behaves();
    }

    static Stream<ProviderAnswer> token() {
        return ProviderAnswer.of("token").stream();
    }

    static Stream<ProviderAnswer> userinfo() {
        return ProviderAnswer.of("userinfo").stream();
    }

    // The code of a sign-in

    @ParameterizedTest(name = "{0}")
    @MethodSource("token")
    @DisplayName("F11 R5: what the token endpoint answers to the code of a sign-in")
    void aCode(ProviderAnswer answer) {
        provider.answers(answer);
        HttpResponse<String> callback = StepUpSignIn.begin("auth/other", null).end(new JsonObject());
        switch (answer.kind()) {
            case "tokens" -> assertSignedIn(callback);
            case "ends" -> assertPage(callback, 400, "This sign-in did not finish");
            case "sign in" -> {
                // It is about this code only, though one that was said with 200 is not believed to end a session.
                boolean ofTheCode =
                        answer.body().contains("invalid_grant") || answer.body().contains("invalid_request");
                assertPage(
                        callback,
                        ofTheCode ? 400 : 503,
                        ofTheCode ? "This sign-in did not finish" : "Signing in does not work at the moment");
            }
            default -> assertPage(callback, 503, "Signing in is not possible just now");
        }
    }

    private static void assertSignedIn(HttpResponse<String> callback) {
        assertTrue(List.of(302, 303).contains(callback.statusCode()), callback.body());
        assertEquals(
                200, get("page", StepUpSignIn.session(callback), NAVIGATION).statusCode());
    }

    private static void assertPage(HttpResponse<String> answer, int status, String title) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("<h1>" + title + "</h1>"), answer.body());
        assertTrue(answer.body().contains("<a href=\"/notes/"), "a way on");
        assertFalse(answer.body().contains("good."), "the code of the sign-in");
        assertFalse(StepUpSignIn.signsIn(answer));
        assertEquals(status == 503 ? "2" : "", header(answer, "Retry-After"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("userinfo")
    @DisplayName("F11 R5: what the userinfo endpoint answers about who signs in, at a provider without ID tokens")
    void whoSignsIn(ProviderAnswer answer) {
        provider.answers(answer);
        StepUpSignIn begun = StepUpSignIn.begin("auth/plain", null);
        HttpResponse<String> callback = get(
                "auth/plain/callback?state=" + begun.parameter("state") + "&code="
                        + FakeProvider.codeFor(new JsonObject()),
                begun.cookies(),
                NAVIGATION);
        switch (answer.means()) {
            case "accepted" -> assertSignedIn(callback);
            case "inactive" -> assertPage(callback, 400, "This sign-in did not finish");
            default -> assertPage(callback, 503, "Signing in is not possible just now");
        }
    }

    @Test
    @DisplayName(
            "F11: a sign-in whose ID token has a new key, while the provider's keys cannot be read, is a provider away")
    void keysThatCannotBeRead() {
        StepUpSignIn begun = StepUpSignIn.begin("auth/other", null);
        provider.answers(ProviderAnswer.of("jwks").stream()
                .filter(answer -> answer.means().equals("unclear") && answer.status() == 500)
                .findFirst()
                .orElseThrow());
        HttpResponse<String> callback = begun.end(new JsonObject().put("kid", "newer"));
        assertPage(callback, 503, "Signing in is not possible just now");
    }

    @Test
    @DisplayName(
            "F10 F11: a provider that said {} is asked again, not by each visitor, and its sign-in works without a restart")
    void aLateProvider() {
        int before = provider.lateQuestions();
        Instant start = Instant.now();
        for (int i = 0; i < 20; i++) {
            assertPage(get("auth/late", null, NAVIGATION), 503, "Signing in is not possible just now");
        }
        long most = Duration.between(start, Instant.now()).toSeconds() + 2;
        assertTrue(provider.lateQuestions() - before <= most, "asked " + provider.lateQuestions() + " times");

        provider.isThere();
        Instant deadline = Instant.now().plusSeconds(20);
        HttpResponse<String> signIn = get("auth/late", null, NAVIGATION);
        while (signIn.statusCode() == 503 && Instant.now().isBefore(deadline)) {
            signIn = get("auth/late", null, NAVIGATION);
        }
        assertTrue(header(signIn, "Location").contains("/late/authorize?"), signIn.statusCode() + signIn.body());

        // Its token endpoint has a name that nobody knows (F11).
        StepUpSignIn begun = StepUpSignIn.begin("auth/late", null);
        assertPage(
                get(
                        "auth/late/callback?state=" + begun.parameter("state") + "&code=good.x",
                        begun.cookies(),
                        NAVIGATION),
                503,
                "Signing in is not possible just now");
    }

    // A session whose access token has expired

    @ParameterizedTest(name = "{0}")
    @MethodSource("token")
    @DisplayName("F6 F7 F8 R5: what the token endpoint answers to a refresh, while somebody waits for a page")
    void aRefresh(ProviderAnswer answer) {
        SessionRecord session = expired();
        String cookie = TestSessions.cookieOf(session);
        provider.answers(answer);
        HttpResponse<String> page = get("page?x=1", cookie, NAVIGATION);
        assertFalse(setCookies(page).stream().anyMatch(set -> set.startsWith("sso=")), "the cookie is left alone");
        try (RedisConnection redis =
                new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class))) {
            String state = redis.text("HGET", Keys.record(session.id()), "state");
            switch (answer.kind()) {
                case "tokens" -> {
                    assertEquals(200, page.statusCode(), page.body());
                    String expires = redis.text("HGET", Keys.record(session.id()), "accessExpires");
                    Duration goodFor = Duration.between(Instant.now(), Instant.ofEpochMilli(Long.parseLong(expires)));
                    assertTrue(goodFor.toSeconds() <= answer.seconds() && goodFor.toSeconds() > answer.seconds() - 20);
                }
                case "ends" -> {
                    assertLeadsToTheProvider(page);
                    assertEquals("ended", state);
                }
                case "sign in" -> {
                    assertLeadsToTheProvider(page);
                    assertEquals("live", state);
                    assertAsksOnce(cookie);
                }
                default -> {
                    assertPage(page, 503, "We cannot check your session just now");
                    assertEquals("live", state);
                    assertLeadsToTheProvider(get(signInAgain(page), cookie, NAVIGATION));
                }
            }
        }
    }

    private static void assertLeadsToTheProvider(HttpResponse<String> answer) {
        assertEquals(302, answer.statusCode(), answer.body());
        assertTrue(header(answer, "Location").contains("/authorize?"), header(answer, "Location"));
    }

    private static void assertAsksOnce(String cookie) {
        int before = FakeProvider.codes();
        HttpResponse<String> script = get("api/token", cookie, SCRIPT);
        assertEquals(401, script.statusCode());
        assertEquals("http://localhost:8081/notes/auth/sign-in", new JsonObject(script.body()).getString("sign_in"));
        assertEquals("nobody", get("open", cookie, NAVIGATION).body());
        assertEquals(before, FakeProvider.codes(), "the provider is not asked for each request");
    }

    private static String signInAgain(HttpResponse<String> page) {
        Matcher link = SIGN_IN_AGAIN.matcher(page.body().replace("&amp;", "&"));
        assertTrue(link.find(), page.body());
        return link.group(1);
    }

    @Test
    @DisplayName(
            "F7 R5 S8: the way on is a sign-in that comes back to the page and replaces the session; nothing ends before")
    void signingInAgain() {
        SessionRecord session = expired();
        String cookie = TestSessions.cookieOf(session);
        provider.answers(ProviderAnswer.of("token").stream()
                .filter(answer -> answer.status() == 503)
                .findFirst()
                .orElseThrow());
        StepUpSignIn begun = StepUpSignIn.begin(signInAgain(get("page?x=1", cookie, NAVIGATION)), cookie);
        HttpResponse<String> script = get("api/token", cookie, SCRIPT);
        assertEquals(503, script.statusCode());
        assertEquals("2", header(script, "Retry-After"));

        provider.behaves();
        HttpResponse<String> callback = begun.end(new JsonObject());
        assertEquals("/notes/page?x=1", landing(callback));
        try (RedisConnection redis =
                new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class))) {
            assertEquals("replaced", redis.text("HGET", Keys.record(session.id()), "endReason"));
        }
        assertEquals(
                200, get("page", StepUpSignIn.session(callback), NAVIGATION).statusCode());
    }

    /** Where a browser comes to rest after its sign-in. */
    private static String landing(HttpResponse<String> callback) {
        String session = StepUpSignIn.session(callback);
        HttpResponse<String> answer = callback;
        String at = "";
        for (int i = 0; i < 3 && answer.statusCode() >= 300; i++) {
            at = header(answer, "Location").replaceFirst("^http://localhost:\\d+", "");
            answer = get(at.substring("/notes/".length()), session, NAVIGATION);
        }
        return answer.statusCode() == 200 ? at : at + " " + answer.statusCode();
    }

    @Test
    @DisplayName("F7 E7: a form is told that it was not saved, with the same way on")
    void aForm() {
        String cookie = TestSessions.cookieOf(expired());
        provider.answers(ProviderAnswer.of("token").stream()
                .filter(answer -> answer.status() == 503)
                .findFirst()
                .orElseThrow());
        HttpResponse<String> page = post("write", cookie, NAVIGATION);
        assertPage(page, 503, "We cannot check your session just now");
        assertTrue(page.body().contains("was not saved"));
        assertEquals("auth/other", signInAgain(page));
    }

    @Test
    @DisplayName("R5: a session whose provider was taken out of the settings signs in at another one")
    void aProviderThatIsGone() {
        SessionRecord session = expired("gone");
        HttpResponse<String> page = get("page", TestSessions.cookieOf(session), NAVIGATION);
        // The default one, which nobody is there to answer for here.
        assertPage(page, 503, "Signing in is not possible just now");
    }

    private static SessionRecord expired() {
        return expired("other");
    }

    private static SessionRecord expired(String provider) {
        SessionRecord alice = TestSessions.sessionOf("alice", "user");
        Identity who = new Identity(
                provider,
                FakeProvider.ISSUER,
                FakeProvider.SUBJECT,
                Optional.empty(),
                "alice",
                alice.identity().roles(),
                Map.of());
        Tokens tokens = new Tokens(
                "old-access", Instant.now().minusSeconds(5), alice.tokens().refresh());
        return SessionRecord.begin(alice.id(), who, alice.createdAt(), alice.until(), "", tokens);
    }
}
