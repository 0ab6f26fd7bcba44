package org.acme.logout;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.redis.client.Redis;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.acme.logout.EventsConfig.Transport;
import org.acme.session.spi.Acknowledgements;
import org.acme.session.spi.FleetNotice;
import org.acme.session.spi.FleetObserver;
import org.acme.session.spi.InstanceCache;
import org.acme.session.spi.SessionEnded;

/** One instance of a service, as far as this module is concerned: a cache and a transport with its own clients. */
final class TestInstance implements AutoCloseable {

    final RecordingCache cache = new RecordingCache();
    final MeterRegistry meters = new SimpleMeterRegistry();
    final InMemorySpanExporter spans = InMemorySpanExporter.create();
    final OpenTelemetry telemetry = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(spans))
                    .build())
            .build();
    final Observer observer = new Observer();
    final EventTransport transport;

    private TestInstance(Transport kind, String topic, Supplier<EventChannel> channels) {
        Settings settings = Settings.of(kind, topic);
        transport = new EventTransport(
                settings, channels, cache, new EventMetrics(meters), new EventTracing(telemetry, settings), observer);
        transport.start(new StartupEvent());
    }

    static TestInstance start(Supplier<EventChannel> kafka, String topic) {
        return new TestInstance(Transport.KAFKA, topic, kafka);
    }

    static TestInstance start(Redis redis, String channel) {
        return new TestInstance(Transport.REDIS, channel, () -> new RedisChannel(channel, redis));
    }

    double count(String counter, String... tags) {
        return meters.get(counter).tags(tags).counter().count();
    }

    String name() {
        return cache.instance();
    }

    int heartbeats() {
        return cache.heartbeats.size();
    }

    /** Whether a heartbeat has come back since then. @param since as nanoTime has it */
    boolean heardSince(long since) {
        return cache.heardAt.stream().anyMatch(at -> at - since > 0);
    }

    /** The longest time without a heartbeat that came back, until the last one. */
    Duration longestSilenceSince(long since) {
        long longest = 0;
        long before = since;
        for (long at : cache.heardAt) {
            if (at - since > 0) {
                longest = Math.max(longest, at - before);
                before = at;
            }
        }
        return Duration.ofNanos(longest);
    }

    Acknowledgements announce(SessionEnded ended) {
        return transport.announce(ended).await().atMost(Duration.ofSeconds(20));
    }

    @Override
    public void close() {
        transport.stop(new ShutdownEvent());
    }

    /** The end of a made-up session. */
    static SessionEnded ended(Set<String> awaited, Duration ackTimeout) {
        return new SessionEnded(
                hash(),
                Optional.of(hash()),
                SessionEnded.Reason.SIGNED_OFF,
                SessionEnded.Actor.USER,
                awaited,
                ackTimeout);
    }

    static String hash() {
        return (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", "");
    }

    record Settings(Transport transport, String topic, Duration heartbeatInterval, Duration unhealthyAfter)
            implements EventsConfig {

        static Settings of(Transport kind, String topic) {
            return new Settings(kind, topic, Duration.ofMillis(100), Duration.ofMillis(800));
        }
    }

    /** Notes what it is told. */
    static final class Observer implements FleetObserver {

        final List<FleetNotice> notices = new CopyOnWriteArrayList<>();
        final List<String> alive = new CopyOnWriteArrayList<>();
        final List<String> ended = new CopyOnWriteArrayList<>();
        final List<String> forgotten = new CopyOnWriteArrayList<>();

        @Override
        public void heard(FleetNotice notice) {
            notices.add(notice);
        }

        @Override
        public void alive(String instance) {
            alive.add(instance);
        }

        @Override
        public void ended(String event, String instance, String session, String reason) {
            ended.add(instance + ' ' + session + ' ' + reason);
        }

        @Override
        public void forgotten(String event, String instance) {
            forgotten.add(instance);
        }
    }

    static final class RecordingCache implements InstanceCache {

        final List<Long> heartbeats = new CopyOnWriteArrayList<>();
        final List<Long> heardAt = new CopyOnWriteArrayList<>();
        final List<String> invalidated = new CopyOnWriteArrayList<>();
        final List<String> invalidatedProviderSessions = new CopyOnWriteArrayList<>();
        volatile String cannotInvalidate;
        volatile boolean inUse = true;
        private final String instance = UUID.randomUUID().toString();
        volatile byte[] key = "the fleet's".getBytes(StandardCharsets.UTF_8);

        @Override
        public String instance() {
            return instance;
        }

        @Override
        public byte[] ackKey() {
            return key;
        }

        @Override
        public void invalidate(String session, Optional<String> providerSession) {
            if (session.equals(cannotInvalidate)) {
                throw new IllegalStateException("made to fail");
            }
            invalidated.add(session);
            providerSession.ifPresent(invalidatedProviderSessions::add);
        }

        @Override
        public boolean isInUse() {
            return inUse;
        }

        @Override
        public void heartbeatReturned(long sentAt) {
            heartbeats.add(sentAt);
            heardAt.add(System.nanoTime());
        }
    }
}
