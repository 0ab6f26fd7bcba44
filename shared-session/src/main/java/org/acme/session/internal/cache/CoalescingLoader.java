package org.acme.session.internal.cache;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Shares loads among requests where the cache may not be trusted, as databases share a write to disk (group commit): who asks
 * while a load of a session is under way waits for the next one, and that begins when the one before has ended, or has
 * taken too long.
 *
 * <p>So a load begins after everybody has asked who waits for it. Each is told what Redis says after that, as if it had
 * asked alone; a load that began earlier may have read a session that ended in between.
 */
final class CoalescingLoader {

    private final ConcurrentMap<String, Load> newest = new ConcurrentHashMap<>();
    private final Duration timeout;

    /** @param timeout how long a load waits for the one before: so much later than without sharing is nobody answered */
    CoalescingLoader(Duration timeout) {
        this.timeout = timeout;
    }

    /** What a load of that session says that has not begun yet: one that others wait for, or the given one. */
    Uni<Optional<LiveSession>> get(String session, Supplier<Uni<Optional<LiveSession>>> load) {
        Load mine = new Load(load);
        Load shared =
                newest.compute(session, (key, known) -> known != null && !known.begun ? known : mine.following(known));
        if (shared == mine) {
            mine.result.whenComplete((loaded, failure) -> newest.remove(session, mine));
            mine.beginInTurn();
        }
        return CurrentContext.await(shared.result);
    }

    private final class Load {

        private final Supplier<Uni<Optional<LiveSession>>> load;
        private final Executor context = CurrentContext.executor();
        private final CompletableFuture<Optional<LiveSession>> result = new CompletableFuture<>();
        private CompletableFuture<?> before = CompletableFuture.completedFuture(null);
        private volatile boolean begun;

        private Load(Supplier<Uni<Optional<LiveSession>>> load) {
            this.load = load;
        }

        private Load following(Load known) {
            if (known != null) {
                before = known.result;
            }
            return this;
        }

        private void beginInTurn() {
            before.handle((loaded, failure) -> null)
                    .completeOnTimeout(null, timeout.toNanos(), TimeUnit.NANOSECONDS)
                    .thenRunAsync(this::begin, context);
        }

        /** Subscribed on its own, so that a client that goes away does not leave the others waiting. */
        private void begin() {
            begun = true;
            try {
                Uni.createFrom().deferred(load::get).subscribe().with(result::complete, result::completeExceptionally);
            } catch (RuntimeException | Error cannotBegin) {
                // Whatever it is, nobody may wait for it for ever.
                result.completeExceptionally(cannotBegin);
            }
        }
    }
}
