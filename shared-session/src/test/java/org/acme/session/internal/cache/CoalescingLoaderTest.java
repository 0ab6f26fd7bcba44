package org.acme.session.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.acme.session.SessionUnavailableException;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is shared when nothing may be cached. Loads begin when they must, and are answered by hand. */
class CoalescingLoaderTest {

    private static final String SESSION = "hash-of-a-session";
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final BlockingQueue<CompletableFuture<Optional<LiveSession>>> begun = new LinkedBlockingQueue<>();
    private CoalescingLoader loads = new CoalescingLoader(FOR_EVER);

    /**
     * Context propagation goes by a thread's class loader. The JDK's timer may have been started by a Quarkus application of
     * an earlier test, and belong to it still.
     */
    @BeforeAll
    static void theTimerBelongsToNobodyElse() {
        ClassLoader ours = CoalescingLoaderTest.class.getClassLoader();
        CompletableFuture.runAsync(
                        () -> Thread.currentThread().setContextClassLoader(ours),
                        CompletableFuture.delayedExecutor(1, TimeUnit.MILLISECONDS, Runnable::run))
                .join();
    }

    private CompletableFuture<Optional<LiveSession>> ask() {
        return ask(SESSION);
    }

    private CompletableFuture<Optional<LiveSession>> ask(String session) {
        return loads.get(session, () -> {
                    CompletableFuture<Optional<LiveSession>> answer = new CompletableFuture<>();
                    begun.add(answer);
                    return Uni.createFrom().completionStage(answer);
                })
                .subscribeAsCompletionStage();
    }

    private static Optional<LiveSession> alive() {
        return Optional.of(new LiveSession(TestSessions.sessionOf("alice"), null, Instant.MAX));
    }

    @Test
    @DisplayName("S1: who asks while a load is under way is not told what it read, for that may have ended")
    void aLoadUnderWayIsNotShared() {
        var before = ask();
        var load = begun.remove();
        var after = ask();
        assertTrue(begun.isEmpty(), "it waits for its turn");

        load.complete(alive());
        assertTrue(before.join().isPresent());
        assertFalse(after.isDone());
        begun.remove().complete(Optional.empty());
        assertTrue(after.join().isEmpty());
    }

    @Test
    @DisplayName("500 requests at once are two loads: the first one's, and one for all who came during it")
    void twoLoadsForFiveHundred() {
        var waiting = IntStream.range(0, 500).mapToObj(i -> ask()).toList();
        var first = alive();
        begun.remove().complete(first);
        var second = alive();
        begun.remove().complete(second);

        assertSame(first, waiting.get(0).join());
        waiting.stream().skip(1).forEach(answer -> assertSame(second, answer.join()));
        assertTrue(begun.isEmpty());
    }

    @Test
    @DisplayName("law 3: a failure is told to those who waited for that load, and to nobody else")
    void failuresAreNotPassedOn() {
        var first = ask();
        var later = List.of(ask(), ask());
        var failure = new SessionUnavailableException("Redis is unavailable", null);
        begun.remove().completeExceptionally(failure);
        assertSame(failure, assertThrows(CompletionException.class, first::join).getCause());

        begun.remove().complete(alive());
        later.forEach(answer -> assertTrue(answer.join().isPresent()));
    }

    @Test
    @DisplayName("law 3: a load that cannot begin fails, and the next one begins")
    void loadsThatCannotBeginAreFailures() {
        var failure = new IllegalStateException("cannot begin");
        var broken = loads.get(SESSION, () -> {
                    throw failure;
                })
                .subscribeAsCompletionStage();
        assertSame(
                failure, assertThrows(CompletionException.class, broken::join).getCause());
        ask();
        assertEquals(1, begun.size());
    }

    @Test
    @DisplayName("law 3: a load whose subscription fails is a failure, too, and nobody waits for ever")
    void loadsThatFailAtOnceAreFailures() {
        var unreadable = loads.get(SESSION, () -> null).subscribeAsCompletionStage();
        assertThrows(CompletionException.class, unreadable::join);
    }

    @Test
    @DisplayName("O2: a load that takes long holds nobody up; who came after it is loaded for beside it")
    void slowLoadsAreOvertaken() throws InterruptedException {
        loads = new CoalescingLoader(Duration.ofMillis(1));
        var slow = ask();
        begun.remove();
        var next = ask();
        begun.poll(10, TimeUnit.SECONDS).complete(alive());
        assertTrue(next.join().isPresent());
        assertFalse(slow.isDone());
    }

    @Test
    @DisplayName("what has been loaded is not kept, and the next request begins at once")
    void nothingIsKept() {
        ask();
        begun.remove().complete(alive());
        var next = ask();
        begun.remove().complete(Optional.empty());
        assertTrue(next.join().isEmpty());
    }

    @Test
    void sessionsDoNotWaitForEachOther() {
        ask("alice");
        ask("bob");
        assertEquals(2, begun.size());
    }

    @Test
    @DisplayName("a client that goes away does not take the others' load along")
    void whoGoesAwayTakesNothingAlong() {
        ask();
        var gone = ask();
        var stays = ask();
        gone.cancel(true);
        begun.remove().complete(alive());
        begun.remove().complete(alive());
        assertTrue(stays.join().isPresent());
    }

    @Test
    @DisplayName("S1: in a crowd of threads, what each is told was read after it had asked")
    void neverOlderThanTheQuestion() {
        AtomicInteger truth = new AtomicInteger();
        CoalescingLoader shared = new CoalescingLoader(Duration.ofMillis(1));
        // Context propagation sets itself up at its first use, and four at once would be one too many for it.
        shared.get(SESSION, () -> Uni.createFrom().item(Optional::<LiveSession>empty))
                .await()
                .indefinitely();
        List<CompletableFuture<Void>> crowd = IntStream.range(0, 4)
                .mapToObj(thread -> CompletableFuture.runAsync(
                        () -> {
                            for (int i = 0; i < 5_000; i++) {
                                int before = truth.incrementAndGet();
                                var answer = shared.get(SESSION, () -> Uni.createFrom()
                                                .item(() -> Optional.of(new LiveSession(null, null, at(truth.get())))))
                                        .await()
                                        .indefinitely();
                                assertTrue(answer.orElseThrow().goodUntil().getEpochSecond() >= before);
                            }
                        },
                        task -> new Thread(task, "crowd-" + thread).start()))
                .toList();
        crowd.forEach(thread -> thread.orTimeout(60, TimeUnit.SECONDS).join());
    }

    private static Instant at(int moment) {
        return Instant.ofEpochSecond(moment);
    }
}
