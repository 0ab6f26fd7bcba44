package org.acme.session.internal.store;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** How Redis answers: its time by script or command, and why it did not. */
@Singleton
final class StoreMetrics {

    /** Why Redis did not do what was asked. */
    enum Failure {
        /** All our connections are in use, and too many requests wait for one. */
        BUSY,
        TIME_OUT,
        /** No connection. */
        UNREACHABLE,
        /** It answers, but refuses: full, read-only, loading, no rights. */
        REFUSED,
        /** It has done it, but too few replicas have it. */
        NOT_REPLICATED,
        /** One session's keys are not what they should be. */
        DAMAGED
    }

    private static final Duration[] TIMES = {
        Duration.ofNanos(500_000),
        Duration.ofMillis(1),
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(50),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(2)
    };

    private final MeterRegistry registry;
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    StoreMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Failure kind : Failure.values()) {
            failures(kind);
        }
    }

    /** @param command a script's or command's own name: there are some twenty */
    void answered(String command, long nanos) {
        timers.computeIfAbsent(command, this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    void failed(Failure kind) {
        failures(kind).increment();
    }

    private Timer timer(String command) {
        return Timer.builder("sso.redis.commands")
                .description("Time from a question to Redis to its answer, by script or command")
                .tag("command", command)
                .serviceLevelObjectives(TIMES)
                .register(registry);
    }

    private Counter failures(Failure kind) {
        return Counter.builder("sso.redis.failures")
                .description("Questions that Redis did not answer, or not as it should")
                .tag("kind", kind.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .register(registry);
    }
}
