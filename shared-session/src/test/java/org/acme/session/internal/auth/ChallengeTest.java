package org.acme.session.internal.auth;

import static org.acme.session.notes.Browser.BARE;
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
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody without a session is answered. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class ChallengeTest {

    @Test
    @DisplayName("whoever asks for a kind of answer that is not there is told so")
    void wrongKindsAreTold() {
        HttpResponse<String> answer = get("auth/session", TestSessions.cookieOf("alice"), "Accept", "image/png");
        assertEquals(406, answer.statusCode());
        assertEquals("application/problem+json", header(answer, "Content-Type"));
        assertEquals("Not acceptable", new JsonObject(answer.body()).getString("title"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"page", "api/token", "admin"})
    @DisplayName(
            "I5: a script without a session gets 401, a problem document that says where to sign in, and no cookie")
    void scriptsAreTold(String path) {
        HttpResponse<String> answer = get(path, null, SCRIPT);
        assertEquals(401, answer.statusCode());
        assertEquals("application/problem+json", header(answer, "Content-Type"));
        assertTrue(header(answer, "WWW-Authenticate").startsWith("Bearer"));
        assertEquals("no-store", header(answer, "Cache-Control"));
        assertEquals(List.of(), setCookies(answer));
        JsonObject problem = new JsonObject(answer.body());
        assertEquals(401, problem.getInteger("status"));
        assertEquals("http://localhost:8081/notes/auth/sign-in", problem.getString("sign_in"));
    }

    @Test
    @DisplayName("I5: an api is for scripts, even when a browser navigates to it")
    void apisNeverRedirect() {
        assertEquals(401, get("api/token", null, NAVIGATION).statusCode());
        assertEquals(401, get("page", null, BARE).statusCode());
    }

    @Test
    @DisplayName("E7: a form of somebody whose session is over is answered with a page, not sent away")
    void formsAreNotSentAway() {
        HttpResponse<String> answer = post("write", null, NAVIGATION);
        assertEquals(401, answer.statusCode());
        assertTrue(header(answer, "Content-Type").startsWith("text/html"));
        assertTrue(answer.body().contains("was not saved"));
        assertTrue(answer.body().contains("href=\"http://localhost:8081/notes/auth/sign-in\""));
        assertEquals(List.of(), setCookies(answer));
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8081/notes/7/edit?x=1, ?return=%2Fnotes%2F7%2Fedit%3Fx%3D1",
        "http://localhost:8081//evil.example/, ''",
        "https://evil.example/notes/, ''",
        "http://localhost:8081.evil.example/, ''"
    })
    @DisplayName("E7, I6: who signs in again for a form is sent back to its page, on this site only")
    void signingInAgainLeadsBackToTheForm(String page, String back) {
        String[] form =
                Stream.concat(Stream.of(NAVIGATION), Stream.of("Referer", page)).toArray(String[]::new);
        assertTrue(post("write", null, form)
                .body()
                .contains("href=\"http://localhost:8081/notes/auth/sign-in" + back + "\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"page", "auth/keycloak"})
    @DisplayName("O4: a navigation with the provider unavailable gets a message page and no cookie")
    void aProviderThatIsAwayIsSaid(String path) {
        HttpResponse<String> answer = get(path, null, NAVIGATION);
        assertEquals(503, answer.statusCode());
        assertEquals("2", header(answer, "Retry-After"));
        assertTrue(header(answer, "Content-Type").startsWith("text/html"));
        assertTrue(answer.body().contains("Signing in is not possible just now"));
        assertFalse(answer.body().contains("Exception"));
        assertEquals(List.of(), setCookies(answer));
    }
}
