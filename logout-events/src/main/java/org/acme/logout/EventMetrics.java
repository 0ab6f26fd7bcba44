package org.acme.logout;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.acme.logout.SessionEvent.Ended;
import org.acme.logout.SessionEvent.Heartbeat;
import org.acme.logout.SessionEvent.Notice;

/** Counts events and times heartbeats. Each tag is a constant, never what an event says. */
@Singleton
final class EventMetrics {

    private static final String PUBLISHED = "sso.events.published";
    private static final String FAILED = "sso.events.failed";
    private static final String RECEIVED = "sso.events.received";

    private static final Duration[] TIMES = {
        Duration.ofMillis(2), Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25),
        Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofSeconds(1)
    };

    private final MeterRegistry registry;
    private final Counter notUnderstood;
    private final Timer heartbeats;

    EventMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.notUnderstood = Counter.builder("sso.events.ignored")
                .description("Events on the topic that are none of ours, or could not be followed")
                .register(registry);
        this.heartbeats = Timer.builder("sso.events.round.trip")
                .description("Time from sending a heartbeat to hearing it back")
                .serviceLevelObjectives(TIMES)
                .register(registry);
        for (String type : new String[] {"ended", "forgotten", "heartbeat", "notice"}) {
            counter(PUBLISHED, type);
            counter(FAILED, type);
            counter(RECEIVED, type);
        }
    }

    void joined(BooleanSupplier joined) {
        Gauge.builder("sso.events.joined", () -> joined.getAsBoolean() ? 1 : 0)
                .description("1 while this instance hears itself through the transport")
                .register(registry);
    }

    void published(SessionEvent event) {
        counter(PUBLISHED, type(event)).increment();
    }

    void failed(SessionEvent event) {
        counter(FAILED, type(event)).increment();
    }

    void received(SessionEvent event) {
        counter(RECEIVED, type(event)).increment();
    }

    void ignored() {
        notUnderstood.increment();
    }

    void heartbeatReturned(long nanos) {
        heartbeats.record(nanos, TimeUnit.NANOSECONDS);
    }

    private Counter counter(String name, String type) {
        return Counter.builder(name)
                .description("Events handed to the transport, refused by it, or heard")
                .tag("type", type)
                .register(registry);
    }

    private static String type(SessionEvent event) {
        if (event instanceof Notice) {
            return "notice";
        }
        return event instanceof Ended ? "ended" : event instanceof Heartbeat ? "heartbeat" : "forgotten";
    }
}
