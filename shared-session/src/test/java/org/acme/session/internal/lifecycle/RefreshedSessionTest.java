package org.acme.session.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.lifecycle.ScriptedProvider.Behaviour;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a refresh changes in a session, and what it never does. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(value = ScriptedProvider.class, restrictToAnnotatedClass = true)
@TestProfile(Refreshes.Impatient.class)
class RefreshedSessionTest extends Refreshes {

    private static final JsonObject ALICE =
            new JsonObject().put("iss", TestSessions.ISSUER).put("sub", "subject-of-alice");

    @Test
    @DisplayName("R4: a missing new refresh token keeps the old one")
    void theOldRefreshTokenIsKept() {
        SessionRecord session = session(GONE_BY);
        provider.behaves((exchange, token) ->
                ScriptedProvider.send(exchange, 200, ScriptedProvider.tokens().encode()));
        SessionRecord after = refreshed(session).orElseThrow();
        assertEquals(session.tokens().refresh(), after.tokens().refresh());
        assertEquals(session.id(), after.id());
        assertEquals(session.tokensRev() + 1, after.tokensRev());
    }

    @Test
    @DisplayName("R4: a refreshed ID token of the same user is welcome")
    void theSameUserIsWelcome() {
        SessionRecord session = session(GONE_BY);
        provider.behaves(withIdToken(TestSessions.ISSUER, session.identity().subject()));
        assertEquals("new-access", refreshed(session).orElseThrow().tokens().access());
    }

    @Test
    @DisplayName("R4: a refreshed ID token of another subject, or of another issuer, ends the session")
    void anotherUserEndsTheSession() {
        for (Behaviour other : List.of(
                withIdToken(TestSessions.ISSUER, "subject-of-mallory"),
                withIdToken("https://elsewhere.test", "subject-of-alice"))) {
            SessionRecord session = session(GONE_BY);
            provider.behaves(other);
            assertEquals(Optional.empty(), refreshed(session));
            assertEquals("ended", redis.text("HGET", Keys.record(session.id()), "state"));
        }
    }

    private static Behaviour withIdToken(String issuer, String subject) {
        return (exchange, token) -> ScriptedProvider.send(
                exchange,
                200,
                ScriptedProvider.tokens()
                        .put("id_token", ScriptedProvider.idToken(issuer, subject))
                        .encode());
    }

    @Test
    @DisplayName("F3 L14: name, profile, roles, sign-in time and its way follow the refreshed tokens")
    void whatARefreshSaysFollows() {
        SessionRecord session = session(GONE_BY);
        provider.behaves(says(
                ALICE.copy()
                        .put("preferred_username", "alice-married")
                        .put("email", "new@example.org")
                        .put("auth_time", 1_700_000_000)
                        .put("acr", "gold"),
                new JsonObject().put("realm_access", new JsonObject().put("roles", List.of("admin")))));
        SessionRecord after = refreshed(session).orElseThrow();
        assertEquals("alice-married", after.identity().name());
        assertEquals(Map.of("email", "new@example.org"), after.identity().profile());
        assertEquals(Set.of("admin"), after.identity().roles());
        assertEquals(Optional.of(Instant.ofEpochSecond(1_700_000_000)), after.authenticatedAt());
        assertEquals(Optional.of("gold"), after.acr());
        assertEquals(session.identity().userHash(), after.identity().userHash(), "who it is never changes");
        assertEquals(session.identity().providerSession(), after.identity().providerSession());
        assertEquals(after, await(sessions.peek(session.id())).orElseThrow(), "as every member reads it");
    }

    @Test
    @DisplayName("F3 L14: what a refresh does not say stays as it was; what it takes back goes")
    void whatIsNotSaidStays() {
        SessionRecord session = session(GONE_BY);
        provider.behaves(says(ALICE, new JsonObject()));
        SessionRecord silent = refreshed(session).orElseThrow();
        assertEquals(session.identity().name(), silent.identity().name());
        assertEquals(session.identity().profile(), silent.identity().profile());
        assertEquals(session.authenticatedAt(), silent.authenticatedAt());

        SessionRecord other = session(GONE_BY);
        provider.behaves(says(ALICE.copy().putNull("email").put("preferred_username", " "), new JsonObject()));
        SessionRecord taken = refreshed(other).orElseThrow();
        assertEquals(Map.of(), taken.identity().profile());
        assertEquals("alice", taken.identity().name(), "nobody is called nothing");
    }

    @Test
    @DisplayName("F3 L14 L7: guests and the list of users are told the new name and roles; what a guest keeps stays")
    void guestsAndListsAreTold() {
        SessionRecord session = session(GONE_BY);
        String express = Keys.express(session.id());
        String json = redis.text("GET", express)
                .replaceFirst("\\{", "{\"cart\":{\"n\":1.50,\"big\":12345678901234567890,\"half\":\"\\\\ud83d\"},");
        redis.send("SET", express, json, "PX", "60000");
        String entry = "\0" + TestSessions.ISSUER + "\0" + session.identity().subject();
        String called = "alice-" + System.nanoTime();
        provider.behaves(says(
                ALICE.copy().put("preferred_username", called),
                new JsonObject().put("realm_access", new JsonObject().put("roles", List.of("b", "a")))));

        SessionRecord after = refreshed(session).orElseThrow();

        assertEquals(called, after.identity().name());
        assertEquals(
                json.replace("\"name\":\"alice\"", "\"name\":\"" + called + "\"")
                        .replace("\"roles\":[\"user\"]", "\"roles\":[\"a\",\"b\"]")
                        .toLowerCase(java.util.Locale.ROOT),
                redis.text("GET", express).toLowerCase(java.util.Locale.ROOT));
        long left = redis.number("PTTL", express);
        assertTrue(left > 0 && left <= 60_000, "the time to live stays: " + left);
        assertEquals(
                Long.toString(session.until().toEpochMilli()),
                redis.text("ZSCORE", Keys.USERS, called + entry).replace("e+12", ""),
                "found by the new name");
        assertEquals(null, redis.text("ZSCORE", Keys.USERS, "alice" + entry), "and not by the old one");
    }

    private static Behaviour says(JsonObject idToken, JsonObject accessToken) {
        return (exchange, token) -> ScriptedProvider.send(
                exchange,
                200,
                ScriptedProvider.tokens()
                        .put("access_token", ScriptedProvider.unsigned(accessToken))
                        .put("id_token", ScriptedProvider.unsigned(idToken))
                        .encode());
    }
}
