package org.acme.session.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.TokenSeal;
import org.acme.session.internal.config.TestConfig;
import org.acme.session.spi.SignOffTransport;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Loads are answered by hand, and the lease is given and taken by hand: nothing here waits for time to pass. */
class NearCacheTest {

    private static final String SESSION = "hash-of-a-session";
    private static final Predicate<LiveSession> GOOD = live -> true;

    private final List<CompletableFuture<Optional<LiveSession>>> loads = new ArrayList<>();
    private final Supplier<Uni<Optional<LiveSession>>> load = () -> {
        CompletableFuture<Optional<LiveSession>> answer = new CompletableFuture<>();
        loads.add(answer);
        return Uni.createFrom().completionStage(answer);
    };
    private LeaseKeeper keeper;
    private NearCache cache;

    NearCacheTest() {
        build("cache.lease-duration", "1h", "cache.ttl", "1h");
    }

    private void build(String... settings) {
        var config = TestConfig.with(settings);
        var metrics = new CacheMetrics(new SimpleMeterRegistry());
        keeper = new LeaseKeeper(null, null, config, someTransport(), metrics);
        cache = new NearCache(
                keeper,
                new SessionEndNotifier(),
                new InvalidatedSessions(config),
                metrics,
                TokenSeal.of(config.encryption().keys()),
                config);
    }

    @SuppressWarnings("unchecked")
    private static Instance<SignOffTransport> someTransport() {
        return (Instance<SignOffTransport>) Proxy.newProxyInstance(
                NearCacheTest.class.getClassLoader(),
                new Class<?>[] {Instance.class},
                (proxy, asked, arguments) -> asked.getName().equals("isResolvable"));
    }

    private void giveLease() {
        long now = System.nanoTime();
        keeper.lease().renewed(now);
        keeper.lease().heard(now);
    }

    private CompletableFuture<Optional<LiveSession>> ask() {
        return ask(SESSION, GOOD);
    }

    private CompletableFuture<Optional<LiveSession>> ask(String session, Predicate<LiveSession> stillGood) {
        return cache.get(session, stillGood, load).subscribeAsCompletionStage();
    }

    private static LiveSession alive(String name) {
        return new LiveSession(TestSessions.sessionOf(name), null, Instant.MAX);
    }

    @Test
    @DisplayName("without a lease nothing is remembered, and a load under way is not shared")
    void withoutLeaseNothingIsRemembered() {
        var first = ask();
        var second = ask();
        assertEquals(1, loads.size());
        loads.get(0).complete(Optional.of(alive("alice")));
        assertTrue(first.join().isPresent());
        assertFalse(second.isDone());

        giveLease();
        ask();
        assertEquals(3, loads.size());
    }

    @Test
    @DisplayName("S1: a request under a lease does not wait for a load from before, and the other way round")
    void leaseAndNoLeaseShareNothing() {
        var before = ask();
        giveLease();
        var under = ask();
        assertEquals(2, loads.size());
        keeper.lease().lost();
        var after = ask();
        loads.get(0).complete(Optional.of(alive("stale")));
        loads.get(1).complete(Optional.of(alive("stale")));
        assertTrue(before.join().isPresent());
        assertTrue(under.join().isPresent());
        assertFalse(after.isDone());
        loads.get(2).complete(Optional.empty());
        assertTrue(after.join().isEmpty());
    }

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
    @DisplayName("S1: a request after invalidate() asks anew, also while a load from before is under way")
    void forgetTakesTheLoadUnderWayAlong() {
        giveLease();
        var before = ask();
        cache.invalidate(SESSION, Optional.empty());
        var after = ask();
        assertEquals(2, loads.size());

        loads.get(0).complete(Optional.of(alive("alice")));
        assertTrue(before.join().isPresent());
        assertFalse(after.isDone());
        loads.get(1).complete(Optional.empty());
        assertTrue(after.join().isEmpty());
    }

    @Test
    @DisplayName("S1: a load from before invalidate() that answers late is not remembered")
    void lateAnswersAreNotRemembered() {
        giveLease();
        ask();
        cache.invalidate(SESSION, Optional.empty());
        loads.get(0).complete(Optional.of(alive("alice")));
        ask();
        assertEquals(2, loads.size());
    }

    @Test
    @DisplayName("S1: a late answer from before invalidate() does not replace what was loaded after it")
    void lateAnswersReplaceNothing() {
        giveLease();
        ask();
        cache.invalidate(SESSION, Optional.empty());
        var after = ask();
        LiveSession newer = alive("newer");
        loads.get(1).complete(Optional.of(newer));
        loads.get(0).complete(Optional.empty());
        assertSame(newer, after.join().orElseThrow());
        assertSame(newer, ask().join().orElseThrow());
        assertEquals(2, loads.size());
    }

    @Test
    @DisplayName("S1: what was remembered is forgotten")
    void whatWasRememberedIsForgotten() {
        giveLease();
        ask();
        loads.get(0).complete(Optional.of(alive("alice")));
        cache.invalidate(SESSION, Optional.empty());
        ask();
        assertEquals(2, loads.size());
    }

    @Test
    @DisplayName(
            "S1: with a provider session, what it opened is forgotten, and what is under way asked anew; nobody else's")
    void providerSessionsAreForgotten() {
        giveLease();
        LiveSession alice = alive("alice");
        LiveSession bob = alive("bob");
        ask("alice", GOOD);
        ask("bob", GOOD);
        loads.get(0).complete(Optional.of(alice));
        loads.get(1).complete(Optional.of(bob));
        ask("late", GOOD);

        cache.invalidate("another", alice.session().identity().providerSessionHash());
        ask("alice", GOOD);
        assertEquals(4, loads.size());
        assertSame(bob, ask("bob", GOOD).join().orElseThrow());
        ask("late", GOOD);
        assertEquals(5, loads.size());
        loads.get(2).complete(Optional.of(alice));
        loads.get(3).complete(Optional.of(alice));
        assertSame(alice, ask("alice", GOOD).join().orElseThrow());
        assertEquals(5, loads.size());
    }

    @Test
    @DisplayName("F20, S10: what a sign-off does here is the same with 20,000 remembered sessions as with 100")
    void theCostOfForgetting() {
        assertEquals(allocatedByForgetting(100), allocatedByForgetting(20_000), 64 * 1024);
    }

    /** Bytes: unlike time, they are the same on a loaded machine. To look at a session means to hash whose it is. */
    private long allocatedByForgetting(int remembered) {
        build("cache.lease-duration", "1h", "cache.ttl", "1h");
        giveLease();
        loads.clear();
        for (int i = 0; i < remembered; i++) {
            ask("session " + i, GOOD);
            loads.get(i).complete(Optional.of(alive("person " + i)));
        }
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Optional<String> theirs = TestSessions.sessionOf("alice").identity().providerSessionHash();
        cache.invalidate("warm", theirs);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20; i++) {
            cache.invalidate("session " + i, theirs);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    @DisplayName("F1 S1: who only looks is served from memory, and asks Redis for it once")
    void looksAreRemembered() {
        var before = look();
        assertEquals(1, loads.size());
        giveLease();
        var first = look();
        var second = look();
        assertEquals(2, loads.size(), "one load for both, none shared with the time without a lease");
        LiveSession alice = alive("alice");
        loads.get(1).complete(Optional.of(alice));
        assertEquals(Optional.of(alice), first.join());
        assertEquals(Optional.of(alice), second.join());
        assertEquals(Optional.of(alice), look().join());
        assertFalse(before.isDone());

        cache.invalidate(SESSION);
        look();
        assertEquals(3, loads.size());
    }

    @Test
    @DisplayName("L2: a request that counts as activity is not served from what a look left")
    void looksAreNoActivity() {
        giveLease();
        look();
        ask();
        assertEquals(2, loads.size(), "not shared while under way");
        LiveSession counted = alive("alice");
        loads.get(1).complete(Optional.of(counted));
        loads.get(0).complete(Optional.of(alive("alice")));
        assertEquals(Optional.of(counted), ask().join(), "the look did not replace it");
        cache.invalidate(SESSION);

        look();
        loads.get(2).complete(Optional.of(alive("alice")));
        ask();
        assertEquals(4, loads.size(), "nor afterwards");
    }

    @Test
    @DisplayName("F1: a look does not wait for a load that may wait for a provider, and is served from it afterwards")
    void looksDoNotWaitForProviders() {
        giveLease();
        ask();
        var beside = look();
        assertEquals(2, loads.size());
        loads.get(1).complete(Optional.of(alive("alice")));
        assertTrue(beside.join().isPresent());

        LiveSession refreshed = alive("alice");
        loads.get(0).complete(Optional.of(refreshed));
        assertEquals(Optional.of(refreshed), look().join());
        assertEquals(2, loads.size());
    }

    private CompletableFuture<Optional<LiveSession>> look() {
        return cache.look(SESSION, GOOD, load).subscribeAsCompletionStage();
    }

    @Test
    @DisplayName("S1: what was remembered in one epoch of the lease is worthless in the next")
    void olderTermsAreWorthless() {
        giveLease();
        ask();
        loads.get(0).complete(Optional.of(alive("alice")));
        keeper.lease().lost();
        ask();
        assertEquals(2, loads.size());
        giveLease();
        ask();
        assertEquals(3, loads.size());
    }

    @Test
    @DisplayName("S1: a load begun in one epoch is not shared with requests of the next, nor remembered in it")
    void loadsOfOlderTermsAreNotShared() {
        giveLease();
        ask();
        keeper.lease().lost();
        giveLease();
        var inNewTerm = ask();
        assertEquals(2, loads.size());
        loads.get(0).complete(Optional.of(alive("stale")));
        assertFalse(inNewTerm.isDone());
        loads.get(1).complete(Optional.empty());
        assertTrue(inNewTerm.join().isEmpty());
        ask();
        assertEquals(3, loads.size());
    }

    @Test
    @DisplayName("law 3: a failure reaches all who wait, and the next request asks again")
    void failuresAreNotRemembered() {
        giveLease();
        var waiting = List.of(ask(), ask());
        var failure = new SessionUnavailableException("Redis is away", null);
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
    @DisplayName("L2: a remembered session is read again after a while, which counts as activity")
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

    @Test
    @DisplayName("without a transport there is no lease to be had")
    void aHeartbeatAloneGivesNoLease() {
        keeper.lease().heard(System.nanoTime());
        ask();
        loads.get(0).complete(Optional.of(alive("alice")));
        ask();
        assertEquals(2, loads.size());
    }
}
