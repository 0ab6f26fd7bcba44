package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.acme.logout.EventsConfig.Transport;
import org.acme.logout.TestInstance.Settings;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventsSettingsCheckTest {

    @ParameterizedTest
    @CsvSource({
        "events, PT0S,   PT2S, sso.events.heartbeat-interval (PT0S) must be longer than zero",
        "events, PT-1S,  PT2S, sso.events.heartbeat-interval (PT-1S) must be longer than zero",
        "events, PT2S,   PT2S, sso.events.heartbeat-interval (PT2S) must be shorter than sso.events.unhealthy-after (PT2S)",
        "' ',    PT0.1S, PT2S, sso.events.topic must not be blank"
    })
    @DisplayName("a value that makes no sense ends the start with the setting and the reason")
    void refused(String topic, Duration heartbeat, Duration unhealthy, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventsSettingsCheck.check(new Settings(Transport.KAFKA, topic, heartbeat, unhealthy)))
                .withMessage(message);
    }

    @Test
    void sensibleOnesAreTaken() {
        assertThatCode(() -> EventsSettingsCheck.check(Settings.of(Transport.REDIS, "events")))
                .doesNotThrowAnyException();
    }
}
