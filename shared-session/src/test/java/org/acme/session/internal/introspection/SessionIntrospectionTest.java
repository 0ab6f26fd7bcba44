package org.acme.session.internal.introspection;

import static org.acme.session.notes.TokenProvider.sign;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.notes.Browser;
import org.acme.session.notes.TokenProvider;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answer for backends that cannot reach Redis. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(value = TokenProvider.class, restrictToAnnotatedClass = true)
class SessionIntrospectionTest {

    private static final String JSON = "application/json";

    RedisServer server;
    TokenProvider provider;

    private final SessionRecord alice = TestSessions.sessionOf("alice", "user", "admin");

    private HttpResponse<String> ask(String body, String role) {
        String token = sign(provider.alice().claim("realm_access", Map.of("roles", List.of(role))));
        return Browser.send(
                "POST", "service/session", null, body, "Content-Type", JSON, "Authorization", "Bearer " + token);
    }

    private HttpResponse<String> askAbout(String cookie) {
        return ask(new JsonObject().put("cookie", valueOf(cookie)).encode(), "session-reader");
    }

    private static String valueOf(String cookieHeader) {
        return cookieHeader.substring(cookieHeader.indexOf('=') + 1);
    }

    @Test
    @DisplayName("law 8's exception: a session reader is told who a forwarded cookie belongs to, and no token or id")
    void readersAreToldWhoItIs() {
        HttpResponse<String> answer = askAbout(TestSessions.cookieOf(alice));
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(
                new JsonObject()
                        .put("issuer", TestSessions.ISSUER)
                        .put("subject", "subject-of-alice")
                        .put("name", "alice")
                        .put("roles", new JsonArray().add("admin").add("user"))
                        .put("startedAt", alice.createdAt().toString())
                        .put("endsAt", alice.until().toString())
                        .put("fingerprint", alice.id().fingerprint()),
                new JsonObject(answer.body()));
        assertFalse(answer.body().contains(alice.id().value()));
        assertEquals("no-store", Browser.header(answer, "Cache-Control"));
    }

    @Test
    @DisplayName("L2: asking is no activity, unless the backend says that it is")
    void askingIsNoActivity() {
        String cookie = TestSessions.cookieOf(alice);
        try (RedisConnection redis = redis()) {
            redis.send("PEXPIRE", Keys.express(alice.id()), "600000");
            assertEquals(200, askAbout(cookie).statusCode());
            assertEquals(true, redis.number("PTTL", Keys.express(alice.id())) <= 600_000);

            JsonObject activity =
                    new JsonObject().put("cookie", valueOf(cookie)).put("activity", true);
            assertEquals(200, ask(activity.encode(), "session-reader").statusCode());
            assertEquals(true, redis.number("PTTL", Keys.express(alice.id())) > 600_000);
        }
    }

    @Test
    @DisplayName("law 3: what is not known is 404, what has ended 410, and what cannot be told 503 with Retry-After")
    void notThereIsNotCannotTell() throws IOException {
        String cookie = TestSessions.cookieOf(alice);
        assertProblem(404, askAbout(cookie.substring(0, cookie.length() - 3) + "xyz"));
        assertProblem(404, askAbout(new TestSessions(server.settings()).cookieOf(SessionId.random())));
        Browser.post("auth/sign-off", cookie, Browser.NAVIGATION);
        assertProblem(410, askAbout(cookie));

        String other = TestSessions.cookieOf("bob");
        server.kill();
        try {
            HttpResponse<String> away = askAbout(other);
            assertProblem(503, away);
            assertEquals("2", Browser.header(away, "Retry-After"));
        } finally {
            server.launch();
        }
        assertEquals(200, askAbout(other).statusCode());
    }

    @Test
    @DisplayName("C3: a forged cookie costs no Redis command")
    void forgedCookiesCostNothing() {
        try (RedisConnection redis = redis()) {
            String forged = TestSessions.cookieOf(alice) + "x";
            redis.send("CONFIG", "RESETSTAT");
            assertProblem(404, askAbout(forged));
            // The token of the backend belongs to a provider session in this test, which is looked up.
            assertNull(redis.text("INFO", "commandstats")
                    .lines()
                    .filter(line -> line.startsWith("cmdstat_eval"))
                    .findFirst()
                    .orElse(null));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"cookie\":null}", "null", "[]", "{", "{\"cookie\":{}}"})
    @DisplayName("what is no question is 400")
    void whatIsNoQuestionIsRefused(String body) {
        assertEquals(400, ask(body, "session-reader").statusCode());
    }

    @Test
    @DisplayName("A1, A2: nobody else is told: no role 403, no token 401, and a session cookie counts for nothing here")
    void nobodyElseIsTold() {
        String cookie = TestSessions.cookieOf(alice);
        String question = new JsonObject().put("cookie", valueOf(cookie)).encode();
        assertEquals(403, ask(question, "user").statusCode());
        assertEquals(
                401,
                Browser.send("POST", "service/session", cookie, question, "Content-Type", JSON)
                        .statusCode());
    }

    private static void assertProblem(int status, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertEquals("application/problem+json", Browser.header(answer, "Content-Type"));
        assertEquals(status, new JsonObject(answer.body()).getInteger("status"));
    }

    private static RedisConnection redis() {
        return new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class));
    }
}
