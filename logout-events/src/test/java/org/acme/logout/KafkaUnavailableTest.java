package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Collectors;
import org.acme.logout.testing.KafkaBroker;
import org.acme.session.spi.Acknowledgements;
import org.acme.session.spi.SessionEnded;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What is promised while Kafka is unavailable, on its way, stuck or coming back. Each test gets a new instance of the service. */
@QuarkusTest
@TestProfile(KafkaInstances.WithoutOwnTransport.class)
class KafkaUnavailableTest {

    private static final Duration ACK_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);
    private static final KafkaBroker BROKER = new KafkaBroker();

    @Inject
    KafkaInstances kafka;

    @BeforeAll
    static void nothingRuns() {
        BROKER.prepare();
    }

    @AfterAll
    static void end() {
        BROKER.stop();
    }

    @Test
    @DisplayName(
            "O3: started with Kafka unavailable, it answers nobody at once, joins when Kafka comes, and the log stays short")
    void startsWithoutKafkaAndJoinsWhenItComes() {
        kafkaIsAway();
        try (LogLines log = new LogLines();
                TestInstance instance = kafka.start(BROKER.bootstrapServers(), "comes-with-kafka")) {
            assertAnswersNobodyAtOnce(instance);
            await().until(() -> log.levels().contains(Level.WARNING));
            assertAnswersNobodyAtOnce(instance);
            assertThat(instance.heartbeats()).isZero();

            BROKER.launch();
            BROKER.createTopic("comes-with-kafka");

            await().until(() -> instance.heartbeats() > 0);
            assertThat(instance.announce(ended(instance)).instances()).containsExactly(instance.name());
            assertThat(log.levels()).containsExactly(Level.WARNING, Level.INFO);
            assertThat(log.lostEvents()).as("said once, not for each session").isOne();
        }
    }

    @Test
    @DisplayName(
            "O3: while no Kafka client can be created, as with an unknown host name, it is tried again until it can")
    void joinsWhenItsClientsCanBeCreated() {
        kafkaIsThere();
        BROKER.createTopic("unresolvable");
        try (LogLines log = new LogLines();
                TestInstance instance = kafka.start(
                        Map.of(
                                "bootstrap.servers", BROKER.bootstrapServers(),
                                "interceptor.classes", UnresolvableBroker.class.getName()),
                        "unresolvable")) {
            await().until(() -> UnresolvableBroker.ATTEMPTS.get() > 3);
            await().until(() -> log.levels().contains(Level.WARNING));
            assertAnswersNobodyAtOnce(instance);

            UnresolvableBroker.resolvable = true;

            await().until(() -> instance.heartbeats() > 0);
            assertThat(instance.announce(ended(instance)).instances()).containsExactly(instance.name());
            assertThat(log.levels()).containsExactly(Level.WARNING, Level.INFO);
        }
    }

    @Test
    void joinsWhenTheTopicIsMadeLater() {
        kafkaIsThere();
        try (LogLines log = new LogLines();
                TestInstance instance = kafka.start(BROKER.bootstrapServers(), "made-later")) {
            await().until(() -> log.levels().contains(Level.WARNING));
            assertAnswersNobodyAtOnce(instance);

            BROKER.createTopic("made-later");

            await().until(() -> instance.heartbeats() > 0);
            assertThat(log.levels()).containsExactly(Level.WARNING, Level.INFO);
            assertThat(log.lostEvents()).as("said once, not for each session").isOne();
        }
    }

    @Test
    @DisplayName("O3: a broker that is killed and restarted is found again without a restart of the service")
    void recoversFromABrokerThatIsKilledAndRestarted() {
        kafkaIsThere();
        BROKER.createTopic("killed");
        try (LogLines log = new LogLines();
                TestInstance announcer = kafka.start(BROKER.bootstrapServers(), "killed");
                TestInstance other = kafka.start(BROKER.bootstrapServers(), "killed")) {
            await().until(() -> announcer.heartbeats() > 0 && other.heartbeats() > 0);

            BROKER.kill();
            assertAnswersNobodyInTime(announcer, other);
            await().until(() ->
                    log.levels().stream().filter(Level.WARNING::equals).count() == 2);
            assertAnswersNobodyAtOnce(announcer);
            int before = announcer.heartbeats();
            BROKER.launch();

            await().until(() -> announcer.heartbeats() > before + 1);
            await().untilAsserted(() -> assertThat(
                            announcer.announce(ended(announcer, other)).instances())
                    .containsExactlyInAnyOrder(announcer.name(), other.name()));
            assertThat(log.levels())
                    .containsExactly(Level.INFO, Level.INFO, Level.WARNING, Level.WARNING, Level.INFO, Level.INFO);
            assertThat(log.lostEvents()).as("said once, not for each session").isOne();
        }
    }

    @Test
    void aBrokerThatStopsAnsweringCostsTheAckTimeoutAndIsFoundAgainWhenItGoesOn() {
        kafkaIsThere();
        BROKER.createTopic("paused");
        try (TestInstance announcer = kafka.start(BROKER.bootstrapServers(), "paused");
                TestInstance other = kafka.start(BROKER.bootstrapServers(), "paused")) {
            await().until(() -> announcer.heartbeats() > 0 && other.heartbeats() > 0);

            BROKER.pause();
            assertAnswersNobodyInTime(announcer, other);
            await().until(() -> !announcer.transport.joined());
            BROKER.resume();

            await().untilAsserted(() -> assertThat(
                            announcer.announce(ended(announcer, other)).instances())
                    .containsExactlyInAnyOrder(announcer.name(), other.name()));
        }
    }

    @Test
    @DisplayName("O3: it stops within two seconds with Kafka unavailable, stuck, or never found")
    void stopsInTimeWithoutKafka() {
        TestInstance neverFound = kafka.start("no-such-host.invalid:9092", "stopped");
        TestInstance away = kafka.start("127.0.0.1:1", "stopped");
        assertThat(stopping(neverFound)).isLessThan(STOP_LIMIT);
        assertThat(stopping(away)).isLessThan(STOP_LIMIT);

        kafkaIsThere();
        BROKER.createTopic("stopped");
        TestInstance joined = kafka.start(BROKER.bootstrapServers(), "stopped");
        TestInstance stuck = kafka.start(BROKER.bootstrapServers(), "stopped");
        await().until(() -> stuck.heartbeats() > 0 && joined.heartbeats() > 0);
        assertThat(stopping(joined)).isLessThan(STOP_LIMIT);
        BROKER.pause();
        assertThat(stopping(stuck)).isLessThan(STOP_LIMIT);
        assertThat(stuck.transport.running()).isFalse();
        BROKER.kill();
    }

    @Test
    void aStoppedTransportAnswersNobody() {
        TestInstance instance = kafka.start(BROKER.bootstrapServers(), "stopped");
        instance.close();

        assertAnswersNobodyAtOnce(instance);
    }

    private static void kafkaIsThere() {
        if (!BROKER.isRunning()) {
            BROKER.launch();
        }
    }

    private static void kafkaIsAway() {
        if (BROKER.isRunning()) {
            BROKER.kill();
        }
    }

    private static void assertAnswersNobodyAtOnce(TestInstance instance) {
        long start = System.nanoTime();
        assertThat(instance.announce(ended(instance))).isEqualTo(Acknowledgements.NONE);
        assertThat(sinceNanos(start)).isLessThan(Duration.ofMillis(300));
    }

    /** The announcer itself has forgotten in any case; the other cannot be reached. */
    private static void assertAnswersNobodyInTime(TestInstance announcer, TestInstance other) {
        long start = System.nanoTime();
        assertThat(announcer.announce(ended(announcer, other)).instances()).doesNotContain(other.name());
        assertThat(sinceNanos(start)).isLessThan(ACK_TIMEOUT.plusMillis(500));
    }

    private static Duration stopping(TestInstance instance) {
        long start = System.nanoTime();
        instance.close();
        return sinceNanos(start);
    }

    private static Duration sinceNanos(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static SessionEnded ended(TestInstance... awaited) {
        return TestInstance.ended(
                Arrays.stream(awaited).map(TestInstance::name).collect(Collectors.toSet()), ACK_TIMEOUT);
    }
}
