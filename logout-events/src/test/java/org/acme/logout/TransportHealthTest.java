package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TransportHealthTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final TransportHealth health =
            new TransportHealth(Logger.getLogger(TransportHealthTest.class), "here", Duration.ofSeconds(2), 0);

    @Test
    @DisplayName("at rest, silence between two heartbeats is not trouble, and a heartbeat that does not come back is")
    void rests() {
        health.heard(SECOND);
        for (long now = SECOND; now < 10 * SECOND; now += SECOND / 4) {
            health.resting(SECOND, now);
            health.check(now);
        }
        assertThat(health.joined()).isTrue();

        for (long now = 10 * SECOND; now < 13 * SECOND; now += SECOND / 4) {
            health.resting(10 * SECOND, now);
            health.check(now);
        }
        assertThat(health.joined()).isFalse();
    }
}
