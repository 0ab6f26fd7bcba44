package org.acme.session.internal.http;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.post;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Services on sub-domains: an address of its own for each, one cookie for all. */
@QuarkusTest
@TestProfile(SubDomainTest.Profile.class)
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
@QuarkusTestResource(value = SubDomainTest.NotesDomain.class, restrictToAnnotatedClass = true)
class SubDomainTest {

    public static final class Profile implements QuarkusTestProfile {}

    /** The addresses of this service. */
    public static final class NotesDomain implements QuarkusTestResourceLifecycleManager {

        @Override
        public Map<String, String> start() {
            return Map.of("sso.base-url", "https://notes.sso.test", "sso.cookie.domain", "sso.test");
        }

        @Override
        public int order() {
            return 1; // after those whose settings it replaces
        }

        @Override
        public void stop() {
            // nothing was started
        }
    }

    @Test
    @DisplayName("C7 the session of another sub-domain is known here, under the same id: no cookie is set")
    void switchingNeverIssuesANewId() {
        // As a service at users.sso.test has written it.
        String cookie = TestSessions.cookieOf("alice", "user");
        assertTrue(cookie.startsWith("__Secure-sso="), cookie);
        HttpResponse<String> answer = get("page", cookie, NAVIGATION);
        assertEquals("alice [user]", answer.body());
        assertEquals(List.of(), setCookies(answer));
    }

    @Test
    @DisplayName("C1 C7 a sign-off takes the cookie of the whole domain away, securely")
    void signOffTakesTheDomainsCookieAway() {
        HttpResponse<String> answer = post(
                "auth/sign-off",
                TestSessions.cookieOf("alice"),
                "Sec-Fetch-Site",
                "same-origin",
                "Origin",
                "https://notes.sso.test");
        String cleared = setCookies(answer).get(0);
        for (String part :
                List.of("__Secure-sso=;", "Domain=sso.test", "Path=/", "Secure", "HttpOnly", "SameSite=Lax")) {
            assertTrue(cleared.contains(part), part + " is not in " + cleared);
        }
    }

    @Test
    @DisplayName("E4 a page of another sub-domain is another site's for writes")
    void siblingsDoNotWriteHere() {
        String cookie = TestSessions.cookieOf("alice");
        assertEquals(
                403, post("write", cookie, "Origin", "https://users.sso.test").statusCode());
        assertEquals(403, post("write", cookie, "Sec-Fetch-Site", "same-site").statusCode());
        assertEquals(
                200, post("write", cookie, "Origin", "https://notes.sso.test").statusCode());
    }

    @Test
    @DisplayName("I7 C7 a sign-in comes back to this service's own sub-domain")
    void aSignInComesBackHere() {
        HttpResponse<String> answer = get("auth/other", null, NAVIGATION);
        assertTrue(
                header(answer, "Location")
                        .contains("redirect_uri=https%3A%2F%2Fnotes.sso.test%2Fnotes%2Fauth%2Fother%2Fcallback"),
                header(answer, "Location"));
        assertTrue(setCookies(answer).stream().allMatch(cookie -> cookie.contains("Secure")));
    }
}
