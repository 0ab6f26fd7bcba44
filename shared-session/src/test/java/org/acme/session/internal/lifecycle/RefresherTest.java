package org.acme.session.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One grant for each expiry, whatever happens to who asks for it. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(value = ScriptedProvider.class, restrictToAnnotatedClass = true)
@TestProfile(Refreshes.Impatient.class)
class RefresherTest extends Refreshes {

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

    @Test
    @DisplayName("R1: tokens that are due as soon as they come are not refreshed with each request")
    void tokensOfAFewSeconds() {
        SessionRecord session = session(SOON);
        provider.behaves((exchange, token) -> ScriptedProvider.send(
                exchange,
                200,
                ScriptedProvider.tokens()
                        .put("expires_in", SOON.toSeconds())
                        .put("refresh_token", "after-" + token)
                        .encode()));
        refreshed(session);
        waitForTheEndOfTheRefresh(session);
        for (int i = 0; i < 5; i++) {
            SessionRecord now = await(sessions.peek(session.id())).orElseThrow();
            assertEquals("new-access", refreshed(now).orElseThrow().tokens().access());
            assertEquals(0, redis.number("EXISTS", Keys.refreshLock(session.id())), "nobody refreshes");
        }
        assertEquals(List.of(refreshToken(session)), provider.used());
    }

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
    @DisplayName(
            "R2, O4: Redis is away for a moment when new tokens come: they are not lost, for the old ones are spent")
    void newTokensOutlastAnOutage() throws InterruptedException {
        SessionRecord session = session(GONE_BY);
        CountDownLatch away = new CountDownLatch(1);
        provider.behaves((exchange, token) -> {
            redis.send("CONFIG", "SET", "min-replicas-to-write", "1");
            away.countDown();
            ScriptedProvider.grant(exchange, token);
        });
        CompletableFuture<Optional<SessionRecord>> asked =
                refresher.refreshed(session).subscribeAsCompletionStage();
        // Longer than the lock lasts that nobody can extend, as Redis measures it.
        away.await();
        redis.send("WAIT", "1", "1000");
        assertEquals(List.of(refreshToken(session)), provider.used());
        redis.send("CONFIG", "SET", "min-replicas-to-write", "0");
        assertEquals("new-access", asked.join().orElseThrow().tokens().access());
        assertEquals(
                Optional.of("after-" + refreshToken(session)),
                await(sessions.peek(session.id())).orElseThrow().tokens().refresh());
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

    @Test
    @DisplayName("S3: a refresh that is granted after a sign-off ends the provider's session, with the new token")
    void aLateGrantCompletesTheSignOff() {
        SessionRecord session = session(GONE_BY);
        provider.behaves((exchange, token) -> {
            await(sessions.endWithProvider(session.id(), Reason.SIGNED_OFF, Actor.USER));
            ScriptedProvider.grant(exchange, token);
        });
        assertEquals(Optional.empty(), refreshed(session));
        assertEquals(List.of("after-" + refreshToken(session)), provider.endedWith());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName(
            "S8: a refresh that is granted after its session has ended otherwise ends nothing at the provider: a new sign-in"
                    + " in the same browser has the same provider session")
    void aLateGrantEndsNobodyElse(Reason reason) {
        SessionRecord session = session(GONE_BY);
        provider.behaves((exchange, token) -> {
            await(sessions.end(session.id(), reason, Actor.USER));
            ScriptedProvider.grant(exchange, token);
        });
        assertEquals(Optional.empty(), refreshed(session));
        assertEquals(List.of(), provider.endedWith());
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
}
