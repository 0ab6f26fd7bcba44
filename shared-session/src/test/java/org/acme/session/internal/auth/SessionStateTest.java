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
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.store.SessionStore;
import org.acme.session.notes.FakeProvider;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class SessionStateTest {

    private static final int SOON_MS = 60_000;

    @Inject
    SessionStore store;

    @Test
    @DisplayName("S7, L2: a page's script asks how long its session lasts, and asking does not extend it")
    void askingDoesNotExtend() {
        SessionRecord alice = TestSessions.sessionOf("alice");
        String cookie = TestSessions.cookieOf(alice);
        endsIn(alice, SOON_MS);
        HttpResponse<String> answer = get("auth/session", cookie, SCRIPT);
        assertEquals(200, answer.statusCode());
        assertEquals("no-store", header(answer, "Cache-Control"));
        assertEquals(List.of(), setCookies(answer));
        JsonObject state = new JsonObject(answer.body());
        assertTrue(state.getBoolean("signedIn"));
        assertTrue(state.getBoolean("canStay"));
        long left = state.getLong("secondsLeft");
        assertTrue(left > 30 && left <= 60, "left: " + left);
        assertFalse(answer.body().contains(alice.id().value()));
        assertTrue(timeLeft(alice) <= SOON_MS);
    }

    @Test
    @DisplayName("L2: staying is activity, whatever an instance caches")
    void stayingExtends() {
        SessionRecord alice = TestSessions.sessionOf("alice");
        String cookie = TestSessions.cookieOf(alice);
        assertEquals(200, get("page", cookie, SCRIPT).statusCode());
        endsIn(alice, SOON_MS);
        JsonObject state = new JsonObject(post("auth/session", cookie, SCRIPT).body());
        assertTrue(state.getLong("secondsLeft") > 60, state.encode());
        assertTrue(timeLeft(alice) > SOON_MS);
    }

    @Test
    @DisplayName("L2: what a page asks by itself is no activity, nor is a call to another service that it needs")
    void callsInTheBackgroundAreNoActivity() {
        SessionRecord alice = TestSessions.sessionOf("alice");
        String cookie = TestSessions.cookieOf(alice);
        endsIn(alice, SOON_MS);
        HttpResponse<String> answer = get("token-for-call", cookie, "Prefer", "background");
        assertEquals(alice.tokens().access(), answer.body());
        assertTrue(timeLeft(alice) <= SOON_MS, "left: " + timeLeft(alice));
        assertEquals(
                alice.tokens().access(), get("token-for-call", cookie, SCRIPT).body());
        assertTrue(timeLeft(alice) > SOON_MS, "left: " + timeLeft(alice));
    }

    @Test
    @DisplayName("L2: at its absolute limit a session cannot be made to last longer, and says so")
    void nothingExtendsTheAbsoluteLimit() {
        SessionRecord begun = TestSessions.sessionOf("alice");
        Instant now = Instant.now();
        SessionRecord alice = SessionRecord.begin(
                begun.id(), begun.identity(), now, now.plus(Duration.ofMinutes(1)), "a test", begun.tokens());
        String cookie = TestSessions.cookieOf(alice);
        JsonObject state = new JsonObject(post("auth/session", cookie, SCRIPT).body());
        assertTrue(state.getBoolean("signedIn"));
        assertFalse(state.getBoolean("canStay"));
        assertTrue(state.getLong("secondsLeft") <= 60, state.encode());
    }

    @Test
    @DisplayName("S7: whose session another tab's sign-in has replaced is told so, and whose session was ended is not")
    void replacedIsNotSignedOff() {
        for (Reason reason : List.of(Reason.REPLACED, Reason.SIGNED_OFF)) {
            SessionRecord alice = TestSessions.sessionOf("alice");
            String cookie = TestSessions.cookieOf(alice);
            store.end(alice.id(), reason, Actor.USER).await().atMost(Duration.ofSeconds(5));
            for (HttpResponse<String> answer :
                    List.of(get("auth/session", cookie, SCRIPT), post("auth/session", cookie, SCRIPT))) {
                JsonObject state = new JsonObject(answer.body());
                assertFalse(state.getBoolean("signedIn"));
                assertEquals(reason == Reason.REPLACED, state.getBoolean("replaced"), reason.text());
            }
        }
    }

    @Test
    void whoIsNotSignedInIsToldSoWithoutASignIn() {
        for (String[] asker : List.of(SCRIPT, NAVIGATION)) {
            HttpResponse<String> answer = get("auth/session", null, asker);
            assertEquals(200, answer.statusCode());
            assertFalse(new JsonObject(answer.body()).getBoolean("signedIn"));
        }
    }

    @Test
    @DisplayName("E4: another site cannot keep a session alive")
    void anotherSiteCannotStay() {
        SessionRecord alice = TestSessions.sessionOf("alice");
        String cookie = TestSessions.cookieOf(alice);
        endsIn(alice, SOON_MS);
        assertEquals(
                403,
                post("auth/session", cookie, "Sec-Fetch-Site", "cross-site").statusCode());
        assertTrue(timeLeft(alice) <= SOON_MS);
    }

    private static void endsIn(SessionRecord session, long milliseconds) {
        try (RedisConnection redis = redis()) {
            redis.send("PEXPIRE", Keys.express(session.id()), Long.toString(milliseconds));
        }
    }

    private static long timeLeft(SessionRecord session) {
        try (RedisConnection redis = redis()) {
            return redis.number("PTTL", Keys.express(session.id()));
        }
    }

    private static RedisConnection redis() {
        return new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class));
    }
}
