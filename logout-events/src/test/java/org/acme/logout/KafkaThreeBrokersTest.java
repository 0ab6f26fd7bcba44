package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.acme.logout.testing.KafkaBroker;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three brokers with the settings as shipped, and one after the other is killed. */
@QuarkusTest
@TestProfile(KafkaInstances.WithoutOwnTransport.class)
@Tag("long")
class KafkaThreeBrokersTest {

    private static final String TOPIC = "of-three";
    /** 4 s on a calm machine (docs/scaling.md), where Kafka's own defaults take 9 s and more; and what a busy one adds. */
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(6);

    private static final Duration WATCHED = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static List<KafkaBroker> brokers;

    @Inject
    KafkaInstances kafka;

    @BeforeAll
    static void begin() {
        brokers = KafkaBroker.three();
        brokers.get(0).createTopic(TOPIC, 3);
    }

    @AfterAll
    static void end() {
        brokers.forEach(KafkaBroker::stop);
    }

    @Test
    @DisplayName("O3: whichever of three brokers is killed, events soon arrive again")
    void eachIsKilled() throws Exception {
        String all = brokers.stream().map(KafkaBroker::bootstrapServers).collect(Collectors.joining(","));
        try (TestInstance announcer = kafka.start(all, TOPIC);
                TestInstance other = kafka.start(all, TOPIC)) {
            await().atMost(PATIENCE).until(() -> announcer.heartbeats() > 0 && other.heartbeats() > 0);
            for (KafkaBroker broker : brokers) {
                await().atMost(PATIENCE).until(() -> partition(broker).isr().size() == 3);
                String role = role(broker);
                long killed = System.nanoTime();
                broker.kill();
                await().atMost(PATIENCE)
                        .until(() -> System.nanoTime() - killed > WATCHED.toNanos()
                                && announcer.heardSince(System.nanoTime()
                                        - Duration.ofSeconds(1).toNanos())
                                && other.heardSince(System.nanoTime()
                                        - Duration.ofSeconds(1).toNanos()));
                Duration silence = max(announcer.longestSilenceSince(killed), other.longestSilenceSince(killed));
                System.out.printf("%s killed: no event for %d ms%n", role, silence.toMillis());
                assertThat(silence).as(role).isLessThan(SILENCE_LIMIT);
                assertThat(announcer
                                .announce(TestInstance.ended(Set.of(other.name()), Duration.ofSeconds(2)))
                                .instances())
                        .contains(other.name());
                broker.launch();
            }
        }
    }

    private static Duration max(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static TopicPartitionInfo partition(KafkaBroker asked) throws InterruptedException, ExecutionException {
        try (Admin admin = asked.admin()) {
            TopicDescription topic =
                    admin.describeTopics(List.of(TOPIC)).allTopicNames().get().get(TOPIC);
            return topic.partitions().get(0);
        }
    }

    private static String role(KafkaBroker broker) throws InterruptedException, ExecutionException {
        try (Admin admin = broker.admin()) {
            int controller = admin.describeMetadataQuorum().quorumInfo().get().leaderId();
            return (partition(broker).leader().id() == broker.node() ? "leader" : "follower")
                    + (controller == broker.node() ? " and active controller" : "");
        }
    }
}
