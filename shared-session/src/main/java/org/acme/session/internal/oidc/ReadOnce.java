package org.acme.session.internal.oidc;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.acme.session.internal.cache.CurrentContext;

/**
 * Something that a provider publishes: one question, however many wait for its answer. One that failed is not asked again for a
 * moment, so that an outage costs the provider a question a second and not one for each visitor.
 */
final class ReadOnce<T> {

    static final Duration AGAIN_AFTER = Duration.ofSeconds(1);

    private record Failed(Throwable why, long at) {}

    private final Supplier<Uni<T>> source;
    private final LongSupplier nanoTime;
    private final AtomicReference<CompletableFuture<T>> reading = new AtomicReference<>();
    private volatile Failed failed;

    ReadOnce(Supplier<Uni<T>> source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    /** Fails when it cannot be read, or could not just now. */
    Uni<T> read() {
        Failed last = failed;
        if (last != null && nanoTime.getAsLong() - last.at() < AGAIN_AFTER.toNanos()) {
            return Uni.createFrom().failure(last.why());
        }
        CompletableFuture<T> mine = new CompletableFuture<>();
        CompletableFuture<T> running = reading.compareAndExchange(null, mine);
        if (running != null) {
            return CurrentContext.await(running);
        }
        Uni.createFrom()
                .deferred(source::get)
                .subscribe()
                .with(
                        found -> {
                            failed = null;
                            reading.set(null);
                            mine.complete(found);
                        },
                        failure -> {
                            failed = new Failed(failure, nanoTime.getAsLong());
                            reading.set(null);
                            mine.completeExceptionally(failure);
                        });
        return CurrentContext.await(mine);
    }
}
