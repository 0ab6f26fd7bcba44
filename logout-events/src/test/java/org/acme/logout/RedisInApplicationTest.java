package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.acme.session.spi.SignOffTransport;
import org.acme.session.testing.RedisServer;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The jar in an application whose setting says Redis. */
@QuarkusTest
@QuarkusTestResource(value = RedisServer.class, restrictToAnnotatedClass = true)
@TestProfile(RedisInApplicationTest.OverRedis.class)
class RedisInApplicationTest {

    @Inject
    SignOffTransport transport;

    @Inject
    FakeInstanceCache cache;

    @Inject
    @Connector(KafkaConnector.CONNECTOR_NAME)
    KafkaConnector connector;

    @Test
    @DisplayName("Over Redis pub/sub an instance hears itself, and no Kafka client is ever there")
    void thereIsNoKafkaClient() {
        await().until(() -> cache.heartbeats() > 2);
        transport
                .announce(TestInstance.ended(Set.of(), Duration.ofSeconds(5)))
                .await()
                .atMost(Duration.ofSeconds(5));

        assertThat(connector.getConsumer(KafkaChannel.INCOMING).unwrap()).isNull();
        assertThat(connector.getProducer(KafkaChannel.OUTGOING).unwrap()).isNull();
    }

    public static class OverRedis implements QuarkusTestProfile {

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("sso.events.transport", "redis", "kafka.bootstrap.servers", "no-such-host.invalid:9092");
        }
    }
}
