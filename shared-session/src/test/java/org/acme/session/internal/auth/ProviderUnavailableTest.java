package org.acme.session.internal.auth;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.post;
import static org.acme.session.notes.Browser.send;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.Tokens;
import org.acme.session.internal.lifecycle.ScriptedProvider;
import org.acme.session.internal.lifecycle.ScriptedProvider.Behaviour;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What works, and what does not, with an access token that has expired and a provider that is no help. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(value = ScriptedProvider.class, restrictToAnnotatedClass = true)
class ProviderUnavailableTest {

    private static final CountDownLatch NEVER = new CountDownLatch(1);

    /** Two seconds for the provider to hear that its session has ended, and a machine at work. */
    private static final Duration SOON = Duration.ofSeconds(4);

    private static final String[][] BACKGROUNDS = {{"Prefer", "background"}, {"Accept", "text/event-stream"}};

    ScriptedProvider provider;

    @AfterEach
    void theProviderIsBack() {
        provider.behaves(ScriptedProvider::grant);
    }

    static Stream<Named<Behaviour>> troubles() {
        return Stream.of(
                Named.of("hangs", ScriptedProvider.slow(NEVER)),
                Named.of("closes", (exchange, token) -> exchange.close()),
                Named.of("is busy", (exchange, token) -> ScriptedProvider.send(exchange, 503, "{}")),
                Named.of(
                        "changed our secret",
                        (exchange, token) -> ScriptedProvider.send(exchange, 401, "{\"error\":\"invalid_client\"}")));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    @DisplayName("F1 S3 S9 O4: signs off all the same, soon, and twice")
    void signsOff(Behaviour trouble) {
        provider.behavesEverywhere(trouble);
        SessionRecord alice = expired();
        String cookie = TestSessions.cookieOf(alice);
        HttpResponse<String> answer = soon(() -> post("auth/sign-off", cookie, NAVIGATION));
        assertEquals(303, answer.statusCode(), answer.body());
        assertTrue(header(answer, "Location").endsWith("auth/signed-off-here"), header(answer, "Location"));
        assertTrue(setCookies(answer).stream().anyMatch(set -> set.startsWith("sso=;")), "the cookie is cleared");
        assertEquals("ended", state(alice));
        assertEquals(303, soon(() -> post("auth/sign-off/", cookie, NAVIGATION)).statusCode());
        assertEquals(
                200, soon(() -> get("auth/signed-off-here", cookie, NAVIGATION)).statusCode());
        assertEquals(401, soon(() -> get("page", cookie, SCRIPT)).statusCode());
    }

    @ParameterizedTest
    @MethodSource("troubles")
    @DisplayName("F1 L7: what a service declares to end sessions works all the same: one, the others, all")
    void endsSessions(Behaviour trouble) {
        provider.behavesEverywhere(trouble);
        String name = "user-" + System.nanoTime();
        SessionRecord mine = expired(name);
        String cookie = TestSessions.cookieOf(mine);
        List<SessionRecord> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(expired(name));
            TestSessions.cookieOf(others.get(i));
        }
        String handle =
                soon(() -> get("devices/handles", cookie, SCRIPT)).body().split("\n")[0];
        HttpResponse<String> one = soon(() -> send(
                "POST",
                "devices/end",
                cookie,
                "handle=" + handle,
                Stream.concat(Stream.of(SCRIPT), Stream.of("Content-Type", "application/x-www-form-urlencoded"))
                        .toArray(String[]::new)));
        assertEquals("true", one.body());
        assertEquals(
                "19", soon(() -> post("devices/end-others", cookie, SCRIPT)).body());
        others.forEach(other -> assertEquals("ended", state(other)));
        assertEquals("live", state(mine));
        assertEquals("1", soon(() -> post("devices/end-all", cookie, SCRIPT)).body());
        assertEquals("ended", state(mine));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    @DisplayName("F1 S7 L2: how long the session lasts can be asked, and staying is activity")
    void theSessionsStateIsKnown(Behaviour trouble) {
        provider.behavesEverywhere(trouble);
        SessionRecord alice = expired();
        String cookie = TestSessions.cookieOf(alice);
        endsIn(alice, 60_000);
        JsonObject state =
                new JsonObject(soon(() -> get("auth/session", cookie, SCRIPT)).body());
        assertTrue(state.getBoolean("signedIn"));
        assertTrue(state.getLong("secondsLeft") <= 60, state.encode());
        JsonObject stayed =
                new JsonObject(soon(() -> post("auth/session", cookie, SCRIPT)).body());
        assertTrue(stayed.getLong("secondsLeft") > 60, stayed.encode());
        for (String path : List.of("q/health", "static/none.css")) {
            assertTrue(soon(() -> get(path, cookie, NAVIGATION)).statusCode() < 500, path);
        }
        String late = "auth/keycloak/callback?code=x&state=y";
        assertEquals(303, soon(() -> get(late, cookie, NAVIGATION)).statusCode(), "a late tab goes home");
    }

    @Test
    @DisplayName("F1 L2 F5: such a request is no activity, spends no refresh token, and has no token that has expired")
    void exemptIsNotFresh() {
        SessionRecord alice = expired();
        String cookie = TestSessions.cookieOf(alice);
        endsIn(alice, 60_000);
        assertEquals("false", post("devices/token", cookie, SCRIPT).body());
        // Not "none at all": a refresh that a test before this one did not wait for may still arrive.
        assertFalse(provider.used().contains(alice.tokens().refresh().orElseThrow()));
        assertEquals(
                "true",
                post("devices/token", TestSessions.cookieOf("alice"), SCRIPT).body());
        assertTrue(timeLeft(alice) <= 60_000);
    }

    @Test
    @DisplayName("F2 L14: who only looks there, or asks for the session's state, is ended by the provider all the same")
    void exemptFollowsTheProvider() {
        for (String path : List.of("devices/handles", "auth/session")) {
            provider.behaves((exchange, token) -> ScriptedProvider.refuse(exchange));
            SessionRecord alice = expired();
            String cookie = TestSessions.cookieOf(alice);
            assertEquals(200, get(path, cookie, SCRIPT).statusCode());
            Instant deadline = Instant.now().plusSeconds(20);
            while (state(alice).equals("live")) {
                assertTrue(Instant.now().isBefore(deadline), "nobody asks the provider");
                Thread.onSpinWait();
            }
            assertEquals(401, get("devices/handles", cookie, SCRIPT).statusCode());
        }
    }

    @Test
    @DisplayName("F1 O4: an ordinary page needs a token that is good, and says 503 without one; so do its neighbours")
    void ordinaryPagesNeedTokens() {
        provider.behavesEverywhere((exchange, token) -> exchange.close());
        String cookie = TestSessions.cookieOf(expired());
        for (String path :
                List.of("page", "api/session", "devices", "devices/end/now", "auth/verify", "auth/sessions")) {
            assertEquals(503, get(path, cookie, SCRIPT).statusCode(), path);
        }
    }

    @Test
    @DisplayName("F2 L14 L2: who asks in the background gets fresh tokens and roles, which is no activity")
    void theBackgroundIsFresh() {
        provider.behaves((exchange, token) -> ScriptedProvider.send(
                exchange,
                200,
                ScriptedProvider.tokens()
                        .put(
                                "access_token",
                                ScriptedProvider.unsigned(new JsonObject()
                                        .put("realm_access", new JsonObject().put("roles", List.of("other")))))
                        .encode()));
        for (String[] background : BACKGROUNDS) {
            SessionRecord alice = expired();
            String cookie = TestSessions.cookieOf(alice);
            endsIn(alice, 60_000);
            assertEquals(200, get("auth/verify?role=other", cookie, background).statusCode());
            assertEquals(403, get("auth/verify?role=user", cookie, background).statusCode());
            assertEquals(
                    "alice [other]", get("page", cookie, "Prefer", "background").body());
            assertTrue(timeLeft(alice) <= 60_000, "no activity");
            assertEquals(
                    1,
                    provider.used().stream()
                            .filter(alice.tokens().refresh().orElseThrow()::equals)
                            .count(),
                    "R1");
        }
    }

    @Test
    @DisplayName("F2 L14 L3: and is nobody when the provider has ended its session, 503 when it does not say")
    void theBackgroundFollowsTheProvider() {
        for (String[] background : BACKGROUNDS) {
            for (String path : List.of("page", "auth/verify")) {
                provider.fails((exchange, token) -> exchange.close());
                SessionRecord alice = expired();
                String cookie = TestSessions.cookieOf(alice);
                assertEquals(503, get(path, cookie, background).statusCode());
                assertEquals("live", state(alice));
                provider.behaves((exchange, token) -> ScriptedProvider.refuse(exchange));
                assertEquals(401, get(path, cookie, background).statusCode());
                assertEquals("ended", state(alice));
            }
        }
    }

    private static SessionRecord expired() {
        return expired("alice");
    }

    private static SessionRecord expired(String name) {
        SessionRecord session = TestSessions.sessionOf(name, "user");
        return session.refreshed(
                new Tokens(
                        "old-access",
                        Instant.now().minusSeconds(5),
                        session.tokens().refresh()),
                session.identity());
    }

    private static HttpResponse<String> soon(java.util.function.Supplier<HttpResponse<String>> request) {
        Instant start = Instant.now();
        HttpResponse<String> answer = request.get();
        Duration took = Duration.between(start, Instant.now());
        assertTrue(took.compareTo(SOON) < 0, answer.uri() + " took " + took);
        return answer;
    }

    private static String state(SessionRecord session) {
        return redis(connection -> connection.text("HGET", Keys.record(session.id()), "state"));
    }

    private static void endsIn(SessionRecord session, long milliseconds) {
        redis(connection -> connection.number("PEXPIRE", Keys.express(session.id()), Long.toString(milliseconds)));
    }

    private static long timeLeft(SessionRecord session) {
        return redis(connection -> connection.number("PTTL", Keys.express(session.id())));
    }

    private static <T> T redis(java.util.function.Function<RedisConnection, T> question) {
        String uri = ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class);
        try (RedisConnection connection = new RedisConnection(uri)) {
            return question.apply(connection);
        }
    }
}
