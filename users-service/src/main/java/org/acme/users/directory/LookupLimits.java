package org.acme.users.directory;

import io.quarkus.runtime.Startup;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.acme.users.directory.Caller.Kind;

/** What one caller may ask the provider, so that no other waits for it. Settings that make no sense end the start. */
@Startup
@Singleton
class LookupLimits {

    private final Limits ofPersons;
    private final Limits ofServices;

    /** How many requests of each caller wait for the provider now; who has none is not in it. */
    private final Map<Caller, Integer> waiting = new ConcurrentHashMap<>();

    private record Limits(TokenBuckets<Caller> budget, int concurrentRequests) {

        static Limits of(String settings, int burst, int perSecond, int concurrentRequests, LongSupplier nanoTime) {
            if (burst < Directory.MOST_SUBJECTS) {
                throw new IllegalArgumentException("directory." + settings + ".burst is " + burst
                        + ": one request asks about up to " + Directory.MOST_SUBJECTS + " people");
            }
            if (perSecond < 1 || concurrentRequests < 1) {
                throw new IllegalArgumentException("directory." + settings + ".per-second and directory." + settings
                        + ".concurrent-requests must be at least 1");
            }
            return new Limits(new TokenBuckets<>(burst, perSecond, nanoTime), concurrentRequests);
        }
    }

    @Inject
    LookupLimits(DirectoryConfig config) {
        this(config, System::nanoTime);
    }

    LookupLimits(DirectoryConfig config, LongSupplier nanoTime) {
        DirectoryConfig.PerPerson person = config.perPerson();
        DirectoryConfig.PerService service = config.perService();
        ofPersons = Limits.of("per-person", person.burst(), person.perSecond(), person.concurrentRequests(), nanoTime);
        ofServices =
                Limits.of("per-service", service.burst(), service.perSecond(), service.concurrentRequests(), nanoTime);
    }

    /**
     * Puts these questions, or fails with {@link TooManyLookupsException} before any is put.
     *
     * @param questions how many, at most {@link Directory#MOST_SUBJECTS}
     */
    <T> Uni<T> within(Caller caller, int questions, Supplier<Uni<T>> put) {
        Limits limits = caller.kind() == Kind.SERVICE ? ofServices : ofPersons;
        return Uni.createFrom().deferred(() -> {
            if (waiting.merge(caller, 1, Integer::sum) > limits.concurrentRequests()) {
                leave(caller);
                return refused(Duration.ofSeconds(1));
            }
            Duration wait = limits.budget().take(caller, questions);
            if (!wait.isZero()) {
                leave(caller);
                return refused(wait);
            }
            return Uni.createFrom().deferred(put::get).onTermination().invoke(() -> leave(caller));
        });
    }

    private void leave(Caller caller) {
        waiting.computeIfPresent(caller, (same, requests) -> requests == 1 ? null : requests - 1);
    }

    private static <T> Uni<T> refused(Duration wait) {
        return Uni.createFrom().failure(new TooManyLookupsException(wait));
    }
}
