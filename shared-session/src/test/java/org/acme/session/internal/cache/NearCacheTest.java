package org.acme.session.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.acme.session.SessionUnavailableException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is cached, for how long, and who shares a load. */
class NearCacheTest extends CacheUnderLease {

    @Test
    @DisplayName("under the lease all who ask share one load, and later ones what it found")
    void oneLoadForAllWhoWait() {
        giveLease();
        var waiting = List.of(ask(), ask(), ask());
        assertEquals(1, loads.size());
        assertTrue(waiting.stream().noneMatch(CompletableFuture::isDone));

        LiveSession alice = alive("alice");
        loads.get(0).complete(Optional.of(alice));
        waiting.forEach(answer -> assertSame(alice, answer.join().orElseThrow()));
        assertSame(alice, ask().join().orElseThrow());
        assertEquals(1, loads.size());
    }

    @Test
    void sessionsDoNotShareLoads() {
        giveLease();
        var alice = ask("alice", GOOD);
        var bob = ask("bob", GOOD);
        assertEquals(2, loads.size());
        loads.get(1).complete(Optional.of(alive("bob")));
        assertEquals("bob", bob.join().orElseThrow().session().identity().name());
        assertFalse(alice.isDone());
    }

    @Test
    @DisplayName("law 3: a failure reaches all who wait, and the next request asks again")
    void failuresAreNotRemembered() {
        giveLease();
        var waiting = List.of(ask(), ask());
        var failure = new SessionUnavailableException("Redis is unavailable", null);
        loads.get(0).completeExceptionally(failure);
        for (var answer : waiting) {
            assertSame(
                    failure,
                    assertThrows(CompletionException.class, answer::join).getCause());
        }
        var next = ask();
        assertEquals(2, loads.size());
        loads.get(1).complete(Optional.of(alive("alice")));
        assertTrue(next.join().isPresent());
    }

    @Test
    @DisplayName("law 3: a load that fails before it begins is a failed load, and nobody waits for it")
    void loadsThatCannotBeginAreFailures() {
        giveLease();
        var failure = new IllegalStateException("cannot begin");
        Supplier<Uni<Optional<LiveSession>>> broken = () -> {
            throw failure;
        };
        var answer = cache.get(SESSION, GOOD, broken).subscribeAsCompletionStage();
        assertSame(
                failure, assertThrows(CompletionException.class, answer::join).getCause());
        ask();
        assertEquals(1, loads.size());
    }

    @Test
    @DisplayName("L1: a session that is not there is asked for again, for it may begin at any time")
    void absenceIsNotRemembered() {
        giveLease();
        var nobody = ask();
        loads.get(0).complete(Optional.empty());
        assertTrue(nobody.join().isEmpty());
        ask();
        assertEquals(2, loads.size());
    }

    @Test
    @DisplayName("L2, R1: a session that is over, or whose tokens are due, is read again, once for all")
    void whatIsNoLongerGoodIsReadAgain() {
        giveLease();
        ask();
        loads.get(0).complete(Optional.of(alive("alice")));
        var due = List.of(ask(SESSION, live -> false), ask(SESSION, live -> false));
        assertEquals(2, loads.size());
        LiveSession refreshed = alive("alice");
        loads.get(1).complete(Optional.of(refreshed));
        due.forEach(answer -> assertSame(refreshed, answer.join().orElseThrow()));
    }

    @Test
    @DisplayName("L2: a cached session is read again after a while, which counts as activity")
    void memoryAges() {
        build("cache.lease-duration", "1h", "cache.ttl", "0s");
        giveLease();
        ask();
        loads.get(0).complete(Optional.of(alive("alice")));
        ask();
        assertEquals(2, loads.size());
    }

    @Test
    @DisplayName("a client that goes away does not take the others' load along")
    void whoGoesAwayTakesNothingAlong() {
        giveLease();
        var gone = cache.get(SESSION, GOOD, load).subscribe().with(nothing -> {});
        var stays = ask();
        gone.cancel();
        loads.get(0).complete(Optional.of(alive("alice")));
        assertTrue(stays.join().isPresent());
        assertEquals(1, loads.size());
    }
}
