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
import org.acme.logout.SessionNews.Ended;
import org.acme.logout.SessionNews.Forgotten;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What somebody achieves who can write where the news travels: reads of Redis, and nothing else. */
class ForgedEventsTest {

    private final TestInstance.Memory memory = new TestInstance.Memory();
    private final Announcements announcements = new Announcements();
    private final Announcement announcement =
            announcements.open(Set.of("silent")).orElseThrow();
    private final Authenticity ours = new Authenticity(memory.newsKey());
    private final List<SessionNews> said = new ArrayList<>();
    private final Inbox inbox = new Inbox(
            memory,
            announcements,
            new Heartbeats(),
            new LinkWatch(Logger.getLogger(getClass()), "nowhere", Duration.ofSeconds(1), 0),
            said::add,
            System::nanoTime,
            new EventMetrics(new io.micrometer.core.instrument.simple.SimpleMeterRegistry()),
            new NewsTraces(OpenTelemetry.noop(), TestInstance.Settings.of(Transport.KAFKA, "nowhere")));

    private boolean isConfirmedBy(String mac) {
        inbox.accept(EventFormat.write(new Forgotten("silent", announcement.id(), mac)));
        return announcement.reach().confirmed().contains("silent");
    }

    @Test
    @DisplayName("S1: nobody confirms for an instance without the fleet's key: the sign-off waits for its lease")
    void aForgedConfirmationDoesNotCount() {
        Authenticity another = new Authenticity("another fleet's".getBytes(StandardCharsets.UTF_8));

        assertThat(isConfirmedBy(another.of("silent", announcement.id()))).isFalse();
        assertThat(isConfirmedBy("x".repeat(43))).isFalse();
        assertThat(isConfirmedBy("")).isFalse();
        // Taken from a confirmation that was meant for something else.
        assertThat(isConfirmedBy(ours.of("loud", announcement.id()))).isFalse();
        assertThat(isConfirmedBy(ours.of("silent", UUID.randomUUID().toString())))
                .isFalse();

        assertThat(isConfirmedBy(ours.of("silent", announcement.id()))).isTrue();
    }

    @Test
    @DisplayName(
            "S1: an event forged, repeated or out of order makes an instance forget and say so, and never remember")
    void anEventOnlyMakesForget() {
        String session = TestInstance.hash();
        byte[] event =
                EventFormat.write(new Ended("e", "stranger", session, Optional.empty(), "x", "user", Optional.empty()));

        inbox.accept(event);
        inbox.accept(event);

        assertThat(memory.forgotten).containsExactly(session, session);
        assertThat(said).hasSize(2).allMatch(Forgotten.class::isInstance);
        assertThat(memory.heartbeats).isEmpty();
    }
}
