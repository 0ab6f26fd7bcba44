package org.acme.session.http;

import static org.acme.session.http.Browser.NAVIGATION;
import static org.acme.session.http.Browser.get;
import static org.acme.session.http.Browser.header;
import static org.acme.session.http.Browser.post;
import static org.acme.session.http.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.util.List;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A sign-in that is refused never shows its code to the provider. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class CallbackTest {

    private static final String GOOD_ISS = "&iss=https%3A%2F%2Fissuer.test";

    /** A sign-in under way: its state, and the cookie that binds it to the browser. */
    private record Begun(String state, String cookie) {}

    private static Begun begin() {
        HttpResponse<String> answer = get("auth/other", null, NAVIGATION);
        String location = header(answer, "Location");
        String cookie = setCookies(answer).get(0);
        return new Begun(
                location.replaceFirst(".*[?&]state=([^&]*).*", "$1"), cookie.substring(0, cookie.indexOf(';')));
    }

    private static void assertCalm(HttpResponse<String> answer) {
        assertEquals(400, answer.statusCode());
        assertTrue(header(answer, "Content-Type").startsWith("text/html"));
        assertTrue(answer.body().contains("This sign-in did not finish"), answer.body());
        assertTrue(answer.body().contains("href=\"/notes/\""));
        assertFalse(answer.body().contains("Exception"));
        assertFalse(setCookies(answer).stream().anyMatch(cookie -> cookie.startsWith("sso=")));
    }

    private static void assertRefused(String query, String cookie) {
        int before = FakeProvider.codes();
        assertCalm(get("auth/other/callback" + query, cookie, NAVIGATION));
        assertEquals(before, FakeProvider.codes(), "the code was not shown to the provider");
    }

    @Test
    @DisplayName("I7: an answer that names the right issuer goes on to the provider")
    void theRightIssuerGoesOn() {
        Begun begun = begin();
        int before = FakeProvider.codes();
        assertCalm(
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
    @DisplayName("I3: a callback without state, opened late or by hand, is one calm page")
    void noStateIsCalm() {
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
        assertCalm(answer);
        assertEquals(before, FakeProvider.codes());
    }

    @Test
    @DisplayName("O4: with the provider away a callback is told so, and may be tried again")
    void aProviderThatIsAwayIsSaid() {
        HttpResponse<String> answer = get("auth/keycloak/callback?state=x&code=c", "q_auth_keycloak_x=y", NAVIGATION);
        assertEquals(503, answer.statusCode());
        assertEquals("2", header(answer, "Retry-After"));
        assertEquals(List.of(), setCookies(answer));
    }
}
