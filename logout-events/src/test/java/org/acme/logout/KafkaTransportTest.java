package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.acme.logout.testing.KafkaBroker;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Session events over a real Kafka. */
@QuarkusTest
@TestProfile(KafkaInstances.WithoutOwnTransport.class)
class KafkaTransportTest extends EventTransportContract {

    private static final KafkaBroker BROKER = new KafkaBroker();

    @BeforeAll
    static void begin() {
        BROKER.start();
        fourInstances(KafkaTransportTest::start);
    }

    @AfterAll
    static void end() {
        BROKER.stop();
    }

    private static TestInstance start() {
        return KafkaInstances.ofTheApplication().start(BROKER.bootstrapServers(), KafkaBroker.TOPIC);
    }

    @Override
    TestInstance newInstance() {
        return start();
    }

    @Override
    void send(Stream<byte[]> events) {
        try (KafkaProducer<byte[], byte[]> hostile = new KafkaProducer<>(
                // Leaves no producer id behind, for a test that looks for those.
                Map.of("bootstrap.servers", BROKER.bootstrapServers(), "enable.idempotence", "false"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            events.forEach(event -> {
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(KafkaBroker.TOPIC, 0, null, event);
                // The headers by which a connector would take it for a CloudEvent, with nothing behind them.
                record.headers().add("content-type", EventFormat.MEDIA_TYPE.getBytes(StandardCharsets.UTF_8));
                hostile.send(record);
            });
            hostile.flush();
        }
    }

    @Test
    @DisplayName("O3: an instance that stopped leaves nothing behind on the broker")
    void aStoppedInstanceLeavesNothingBehindOnTheBroker() throws Exception {
        TestInstance shortLived = start();
        await().until(() -> shortLived.heartbeats() > 0);
        shortLived.close();

        try (Admin admin = BROKER.admin()) {
            assertThat(admin.listGroups().all().get()).isEmpty();
            assertThat(admin.listTopics().names().get()).containsExactly(KafkaBroker.TOPIC);
            TopicPartition partition = new TopicPartition(KafkaBroker.TOPIC, 0);
            assertThat(admin.describeProducers(List.of(partition))
                            .partitionResult(partition)
                            .get()
                            .activeProducers())
                    .isEmpty();
        }
    }
}
