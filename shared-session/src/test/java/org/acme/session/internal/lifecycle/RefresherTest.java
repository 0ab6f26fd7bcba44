package org.acme.session.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.Tokens;
import org.acme.session.internal.lifecycle.ScriptedProvider.Behaviour;
import org.acme.session.internal.store.SessionIndex;
import org.acme.session.internal.store.SessionStore;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Refreshes on a real Redis, with a provider that does what it is told. A call is what one instance does: nothing but Redis
 * connects two of them.
 */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(value = ScriptedProvider.class, restrictToAnnotatedClass = true)
@TestProfile(RefresherTest.Impatient.class)
class RefresherTest {

    /** Short limits, so that they are reached, and a clock that can be wrong. */
    public static final class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "sso.refresh.lock-ttl", "400ms",
                    "sso.refresh.request-timeout", "6s",
                    "sso.refresh.provider-timeout", "8s");
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(MovableClock.class);
        }
    }

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration GONE_BY = Duration.ofSeconds(-1);
    /** Due, for that is within the 15 seconds ahead of the expiry, and still good. */
    private static final Duration SOON = Duration.ofSeconds(10);

    ScriptedProvider provider;

    @Inject
    Refresher refresher;

    @Inject
    SessionResolver resolver;

    @Inject
    SessionStore sessions;

    @Inject
    SessionIndex index;

    @Inject
    MovableClock clock;

    private RedisConnection redis;

    @BeforeEach
    void connect() {
        provider.behaves(ScriptedProvider::grant);
        redis = new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class));
    }

    @AfterEach
    void everyKeyHasATimeToLive() {
        clock.wrongBy(Duration.ZERO);
        assertEquals(List.of(), redis.keysWithoutTimeToLive(), "L5");
        redis.close();
    }

    // R1

    @Test
    @DisplayName("R1: 100 at once on an expired token: each gets the new one, from exactly one grant")
    void oneGrantForAHundred() {
        SessionRecord session = session(GONE_BY);
        List<CompletableFuture<Optional<SessionRecord>>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(refresher.refreshed(session).subscribeAsCompletionStage());
        }
        for (CompletableFuture<Optional<SessionRecord>> one : all) {
            assertEquals("new-access", one.join().orElseThrow().tokens().access());
        }
        assertEquals(List.of(refreshToken(session)), provider.used());
    }

    // R2

    @Test
    @DisplayName("R2: a provider slower than the lock: the holder keeps it, and there is one grant")
    void aSlowProviderIsAskedOnce() throws InterruptedException {
        SessionRecord session = session(GONE_BY);
        CountDownLatch answer = new CountDownLatch(1);
        provider.behaves(ScriptedProvider.slow(answer));
        List<CompletableFuture<Optional<SessionRecord>>> all = IntStream.range(0, 10)
                .mapToObj(i -> refresher.refreshed(session).subscribeAsCompletionStage())
                .toList();
        // Three times as long as the lock lasts when nobody extends it, as Redis measures it.
        redis.send("BLPOP", "nothing-here", "1.2");
        assertEquals(1, redis.number("EXISTS", Keys.refreshLock(session.id())), "the holder is alive");
        answer.countDown();
        all.forEach(one ->
                assertEquals("new-access", one.join().orElseThrow().tokens().access()));
        assertEquals(List.of(refreshToken(session)), provider.used());
    }

    @Test
    @DisplayName(
            "R2: the holder was killed before the provider was asked: its lock runs out, and another one refreshes")
    void aDeadHoldersLockRunsOut() {
        SessionRecord session = session(GONE_BY);
        redis.send("SET", Keys.refreshLock(session.id()), "a holder that died", "PX", "400");
        assertEquals("new-access", refreshed(session).orElseThrow().tokens().access());
        assertEquals(List.of(refreshToken(session)), provider.used());
    }

    @Test
    @DisplayName(
            "R2: the holder was killed after the provider had answered: the session ends cleanly, at the first try")
    void aSpentTokenEndsTheSession() {
        SessionRecord session = session(GONE_BY);
        provider.spend(refreshToken(session));
        assertEquals(Optional.empty(), refreshed(session));
        assertEquals("ended", redis.text("HGET", Keys.record(session.id()), "state"));
        assertEquals("refresh-refused", redis.text("HGET", Keys.record(session.id()), "endReason"));
        assertEquals(2, provider.used().size(), "never a loop");
    }

    @Test
    @DisplayName("L4: a refresh that is granted after a sign-off revives nothing")
    void aLateGrantRevivesNothing() {
        SessionRecord session = session(GONE_BY);
        provider.behaves((exchange, token) -> {
            redis.send("DEL", Keys.express(session.id()));
            redis.send("HSET", Keys.record(session.id()), "state", "ended");
            ScriptedProvider.grant(exchange, token);
        });
        assertEquals(Optional.empty(), refreshed(session));
        assertEquals("ended", redis.text("HGET", Keys.record(session.id()), "state"));
        assertEquals(0, redis.number("EXISTS", Keys.express(session.id())));
    }

    // R3

    static Stream<Named<Behaviour>> faults() {
        return Stream.of(
                answers("500", 500, "{\"error\":\"server_error\"}"),
                answers("503 with a page", 503, "<html>busy</html>"),
                answers("429", 429, "{}"),
                answers("invalid_grant, but not with 400", 500, "{\"error\":\"invalid_grant\"}"),
                answers("400 without an error", 400, "{}"),
                answers("400 with a page", 400, "<html>bad</html>"),
                answers("429 with an error of OAuth", 429, "{\"error\":\"slow_down\"}"),
                answers("400, but it is the provider's trouble", 400, "{\"error\":\"temporarily_unavailable\"}"),
                answers("200 with garbage", 200, "}{"),
                answers("200 with a list", 200, "[]"),
                answers("200 with nothing in it", 200, "{}"),
                answers("200 without a body", 200, ""),
                answers("200 with numbers for tokens", 200, "{\"access_token\":1,\"expires_in\":\"x\"}"),
                Named.of("a closed connection", (exchange, token) -> exchange.close()));
    }

    private static Named<Behaviour> answers(String name, int status, String body) {
        return Named.of(name, (exchange, token) -> ScriptedProvider.send(exchange, status, body));
    }

    @ParameterizedTest
    @MethodSource("faults")
    @DisplayName("R3: whatever else than invalid_grant the provider says, the session goes on while its token lives")
    void faultsEndNothing(Behaviour fault) {
        SessionRecord session = session(SOON);
        provider.behaves(fault);
        assertEquals(session.tokens(), refreshed(session).orElseThrow().tokens());
        waitForTheEndOfTheRefresh(session);
        assertUntouched(session);
    }

    @ParameterizedTest
    @MethodSource("faults")
    @DisplayName("R3: and when it has expired: 503 until the provider is well again, and nobody is signed out")
    void faultsAreOutages(Behaviour fault) {
        SessionRecord session = session(GONE_BY);
        provider.behaves(fault);
        assertThrows(SessionUnavailableException.class, () -> refreshed(session));
        assertUntouched(session);

        provider.behaves(ScriptedProvider::grant);
        assertEquals("new-access", refreshed(session).orElseThrow().tokens().access());
    }

    static Stream<String> errorsForThePerson() {
        return Stream.of(
                "400 interaction_required",
                "400 login_required",
                "400 consent_required",
                "400 account_selection_required",
                "400 unauthorized_client",
                "401 unauthorized_client",
                "401 invalid_client",
                "400 invalid_request",
                "400 invalid_scope",
                "400 unsupported_grant_type",
                "403 access_denied",
                "400 something_nobody_heard_of",
                "200 bad_refresh_token");
    }

    @ParameterizedTest
    @MethodSource("errorsForThePerson")
    @DisplayName("F7 R5: any other error of OAuth: the session goes on while its access token lives")
    void whileTheTokenLives(String answer) {
        SessionRecord session = session(SOON);
        provider.behaves(says(answer));
        for (int i = 0; i < 3; i++) {
            assertEquals(session.tokens(), refreshed(session).orElseThrow().tokens());
            waitForTheEndOfTheRefresh(session);
        }
        assertUntouched(session);
        assertEquals(1, provider.used().size(), "the provider is not asked for each request");
    }

    @ParameterizedTest
    @MethodSource("errorsForThePerson")
    @DisplayName("F7 R5: and when it has expired, its user has to sign in again; nothing has ended by then")
    void afterThatThePersonSignsIn(String answer) {
        SessionRecord session = session(GONE_BY);
        provider.behaves(says(answer));
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.empty(), refreshed(session));
        }
        assertUntouched(session);
        assertEquals(1, provider.used().size(), "the provider is not asked for each request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"400 invalid_grant", "401 invalid_grant", "403 invalid_grant", "400 INVALID_GRANT"})
    @DisplayName("F6 R5: invalid_grant ends the session, with whichever 4xx status")
    void invalidGrantIsInvalidGrant(String answer) {
        SessionRecord session = session(GONE_BY);
        provider.behaves(says(answer));
        assertEquals(Optional.empty(), refreshed(session));
        assertEquals("refresh-refused", redis.text("HGET", Keys.record(session.id()), "endReason"));
    }

    private static Behaviour says(String answer) {
        String[] statusAndError = answer.split(" ");
        return (exchange, token) -> ScriptedProvider.send(
                exchange, Integer.parseInt(statusAndError[0]), "{\"error\":\"" + statusAndError[1] + "\"}");
    }

    @Test
    @DisplayName("L2 O4: a request that gets no tokens is no activity; one that gets them is")
    void anOutageIsNoActivity() {
        SessionRecord session = session(GONE_BY);
        redis.send("PEXPIRE", Keys.express(session.id()), "600000");
        provider.behaves((exchange, token) -> ScriptedProvider.send(exchange, 503, ""));
        assertThrows(SessionUnavailableException.class, () -> await(resolver.find(session.id())));
        assertTrue(redis.number("PTTL", Keys.express(session.id())) <= 600_000, "it idles out as if nobody had come");

        provider.behaves(ScriptedProvider::grant);
        assertEquals("alice", await(resolver.find(session.id())).getPrincipal().getName());
        assertTrue(redis.number("PTTL", Keys.express(session.id())) > 1_000_000, "its user has been here");
    }

    @Test
    @DisplayName("R3: a provider that does not answer keeps a request waiting for so long, and no longer")
    void waitingEnds() {
        SessionRecord session = session(GONE_BY);
        CountDownLatch never = new CountDownLatch(1);
        provider.behaves(ScriptedProvider.slow(never));
        Instant start = Instant.now();
        assertThrows(SessionUnavailableException.class, () -> refreshed(session));
        assertTrue(Duration.between(start, Instant.now()).compareTo(Duration.ofSeconds(8)) < 0);
        never.countDown();
    }

    @Test
    @DisplayName("R3 O4: who has waited for somebody else's refresh does not wait as long again for an own one")
    void waitingIsCountedOnce() {
        SessionRecord session = session(GONE_BY);
        CountDownLatch never = new CountDownLatch(1);
        provider.behaves(ScriptedProvider.slow(never));
        // Another instance's refresh, which gives up when this request has waited for most of its time.
        redis.send("SET", Keys.refreshLock(session.id()), "a holder who gives up", "PX", "4000");
        Instant start = Instant.now();
        assertThrows(SessionUnavailableException.class, () -> refreshed(session));
        Duration waited = Duration.between(start, Instant.now());
        assertEquals(1, provider.used().size(), "it got its turn");
        assertTrue(waited.compareTo(Duration.ofSeconds(8)) < 0, waited.toString());
        never.countDown();
    }

    @Test
    @DisplayName("S5 R3: after invalid_grant the session's bearer tokens are refused; tokens of a new sign-in are not")
    void bearerTokensEndWithTheSession() {
        Instant issued = Instant.ofEpochSecond(clock.instant().getEpochSecond() - 300);
        SessionRecord session =
                session(GONE_BY, ScriptedProvider.unsigned(new JsonObject().put("iat", issued.getEpochSecond())));
        String providerSession = session.identity().providerSessionHash().orElseThrow();
        provider.behaves((exchange, token) -> ScriptedProvider.refuse(exchange));
        assertEquals(false, await(index.hasEndedSince(Optional.of(providerSession), issued)));

        assertEquals(Optional.empty(), refreshed(session));
        assertEquals(true, await(index.hasEndedSince(Optional.of(providerSession), issued)));
        assertEquals(
                false,
                await(index.hasEndedSince(Optional.of(providerSession), issued.plusSeconds(1))),
                "the provider may sign the user in again, silently, with the same session of its own");

        // The mark of a sign-off says more, and stays.
        await(index.markEnded(providerSession));
        await(index.markEndedUntil(providerSession, issued));
        assertEquals(true, await(index.hasEndedSince(Optional.of(providerSession), Instant.now())));
    }

    // R4

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

    // L14

    private static final JsonObject ALICE =
            new JsonObject().put("iss", TestSessions.ISSUER).put("sub", "subject-of-alice");

    private static Behaviour says(JsonObject idToken, JsonObject accessToken) {
        return (exchange, token) -> ScriptedProvider.send(
                exchange,
                200,
                ScriptedProvider.tokens()
                        .put("access_token", ScriptedProvider.unsigned(accessToken))
                        .put("id_token", ScriptedProvider.unsigned(idToken))
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

    // Clocks

    @ParameterizedTest
    @ValueSource(longs = {-60, 60})
    @DisplayName("R1, I8: with a clock that is a minute off there is one grant for each expiry, and no loop")
    void aWrongClockMakesNoLoop(long seconds) {
        clock.wrongBy(Duration.ofSeconds(seconds));
        SessionRecord session = session(GONE_BY);
        SessionRecord once = refreshed(session).orElseThrow();
        SessionRecord again = refreshed(once).orElseThrow();
        assertEquals(once.tokens(), again.tokens());
        assertEquals(List.of(refreshToken(session)), provider.used());

        // An instance whose clock is right finds these tokens good, too.
        clock.wrongBy(Duration.ZERO);
        assertEquals(once.tokens(), refreshed(once).orElseThrow().tokens());
        assertEquals(1, provider.used().size());
    }

    // Helpers

    /** A session whose access token expires in so long, by the clock of the instance. */
    private SessionRecord session(Duration left) {
        return session(left, "old-access");
    }

    private SessionRecord session(Duration left, String access) {
        SessionRecord plain = TestSessions.sessionOf("alice", "user");
        Tokens tokens = new Tokens(
                access,
                Instant.ofEpochMilli(clock.instant().plus(left).toEpochMilli()),
                plain.tokens().refresh());
        SessionRecord session =
                SessionRecord.begin(plain.id(), plain.identity(), plain.createdAt(), plain.until(), "", tokens);
        TestSessions.cookieOf(session);
        return session;
    }

    private static String refreshToken(SessionRecord session) {
        return session.tokens().refresh().orElseThrow();
    }

    private Optional<SessionRecord> refreshed(SessionRecord session) {
        return await(refresher.refreshed(session));
    }

    /** It goes on beside the request. */
    private void waitForTheEndOfTheRefresh(SessionRecord session) {
        Instant deadline = Instant.now().plus(LIMIT);
        while (provider.used().isEmpty() || redis.number("EXISTS", Keys.refreshLock(session.id())) == 1) {
            assertTrue(Instant.now().isBefore(deadline), "the refresh does not end");
            Thread.onSpinWait();
        }
    }

    private void assertUntouched(SessionRecord session) {
        SessionRecord now = await(sessions.peek(session.id())).orElseThrow();
        assertEquals(session.tokens().refresh(), now.tokens().refresh());
        assertEquals("live", redis.text("HGET", Keys.record(session.id()), "state"));
    }

    private static <T> T await(Uni<T> result) {
        return result.await().atMost(LIMIT);
    }
}
