package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.reactive.messaging.kafka.i18n.KafkaLogging;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConnectorLogTest {

    private static final Logger CONNECTOR = Logger.getLogger("io.smallrye.reactive.messaging.kafka");

    private final RuntimeException cause = new TopicAuthorizationException(Set.of("our-topic"));
    private final List<Throwable> causes = new ArrayList<>();
    private LogLines log;

    @BeforeEach
    void redirect() {
        CONNECTOR.setFilter(null);
        ConnectorLog.redirect("our-topic", causes::add);
        log = new LogLines();
    }

    @AfterEach
    void undo() {
        log.close();
        CONNECTOR.setFilter(null);
    }

    @Test
    @DisplayName(
            "Why the connector cannot read or send our events is told once by us, and not each time by the connector")
    void ourTroubleIsRedirected() {
        KafkaLogging.log.pollFailureRetry("client", KafkaChannel.INCOMING, cause);
        KafkaLogging.log.unableToReadRecord(Set.of("our-topic"), cause);
        KafkaLogging.log.unableToWrite(KafkaChannel.OUTGOING, "our-topic", cause);
        KafkaLogging.log.unableToInitializeProducer(KafkaChannel.OUTGOING, cause);

        assertThat(causes).containsExactly(cause, cause, cause, cause);
        assertThat(log.levels()).isEmpty();
    }

    @Test
    void theTroubleOfOtherChannelsIsLogged() {
        KafkaLogging.log.pollFailureRetry("client", "orders", cause);
        KafkaLogging.log.unableToReadRecord(Set.of("orders"), cause);

        assertThat(causes).isEmpty();
        assertThat(log.levels()).containsExactly(Level.WARNING, Level.SEVERE);
    }
}
