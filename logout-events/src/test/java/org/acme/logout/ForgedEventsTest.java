package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.acme.logout.EventsConfig.Transport;
import org.acme.logout.SessionEvent.Ended;
import org.acme.logout.SessionEvent.Forgotten;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What an intruder achieves who can write to the channel: reads of Redis, and nothing else. */
class ForgedEventsTest {

    private final TestInstance.RecordingCache cache = new TestInstance.RecordingCache();
    private final PendingAcks pendingAcks = new PendingAcks();
    private final PendingAck pending = pendingAcks.open(Set.of("silent")).orElseThrow();
    private final AckMac ours = new AckMac(cache.ackKey());
    private final List<SessionEvent> said = new ArrayList<>();
    private final TestInstance.Observer observer = new TestInstance.Observer();
    private final EventHandler handler = new EventHandler(
            cache,
            pendingAcks,
            new Heartbeats(),
            new TransportHealth(Logger.getLogger(getClass()), "nowhere", Duration.ofSeconds(1), 0),
            said::add,
            System::nanoTime,
            new EventMetrics(new io.micrometer.core.instrument.simple.SimpleMeterRegistry()),
            new EventTracing(OpenTelemetry.noop(), TestInstance.Settings.of(Transport.KAFKA, "nowhere")),
            observer);

    private boolean isAcknowledgedBy(String mac) {
        handler.accept(EventFormat.write(new Forgotten("silent", pending.id(), mac)));
        return pending.received().instances().contains("silent");
    }

    @Test
    @DisplayName("S1: nobody confirms for an instance without the fleet's key: the sign-off waits for its lease")
    void aForgedConfirmationDoesNotCount() {
        AckMac another = new AckMac("another fleet's".getBytes(StandardCharsets.UTF_8));

        assertThat(isAcknowledgedBy(another.of("silent", pending.id()))).isFalse();
        assertThat(isAcknowledgedBy("x".repeat(43))).isFalse();
        assertThat(isAcknowledgedBy("")).isFalse();
        // Taken from a confirmation that was meant for something else.
        assertThat(isAcknowledgedBy(ours.of("loud", pending.id()))).isFalse();
        assertThat(isAcknowledgedBy(ours.of("silent", UUID.randomUUID().toString())))
                .isFalse();

        assertThat(observer.forgotten).isEmpty();

        assertThat(isAcknowledgedBy(ours.of("silent", pending.id()))).isTrue();
        assertThat(observer.forgotten).containsExactly("silent");
    }

    @Test
    @DisplayName("S1: an event forged, repeated or out of order makes an instance forget and say so, and never cache")
    void anEventOnlyMakesForget() {
        String session = TestInstance.hash();
        byte[] event =
                EventFormat.write(new Ended("e", "stranger", session, Optional.empty(), "x", "user", Optional.empty()));

        handler.accept(event);
        handler.accept(event);

        assertThat(cache.invalidated).containsExactly(session, session);
        assertThat(said).hasSize(2).allMatch(Forgotten.class::isInstance);
        assertThat(cache.heartbeats).isEmpty();
    }
}
