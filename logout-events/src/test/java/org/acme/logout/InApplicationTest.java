package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.ResourceArg;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.acme.logout.testing.KafkaBroker;
import org.acme.session.spi.SessionEnded;
import org.acme.session.spi.SignOffTransport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The jar on the class path of a Quarkus application that says nothing but where the broker is, and starts before it. */
@QuarkusTest
@QuarkusTestResource(
        value = KafkaBroker.class,
        restrictToAnnotatedClass = true,
        initArgs = @ResourceArg(name = "launch", value = "false"))
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InApplicationTest {

    KafkaBroker broker;

    @Inject
    SignOffTransport transport;

    @Inject
    FakeInstanceCache cache;

    @Inject
    Vertx vertx;

    @Inject
    MeterRegistry meters;

    @TestHTTPResource("/q/health")
    URI health;

    @Test
    @Order(1)
    @DisplayName("O3: a service starts without Kafka, is healthy, and its sign-offs reach nobody, at once")
    void startsAndIsHealthyAndReachesNobodyWithKafkaAway() throws Exception {
        WithoutKafka.assertHealthyAndAlone(health, transport);

        assertThat(cache.heartbeats()).isZero();
        assertThat(failed()).isOne();
        assertThat(meters.get("sso.events.joined").gauge().value()).isZero();
    }

    @Test
    @Order(2)
    @DisplayName("O3: being on the class path is enough to join when Kafka comes")
    void joinsWhenKafkaComes() {
        broker.launch();
        broker.createTopic(KafkaBroker.TOPIC);

        await().untilAsserted(() -> assertThat(cache.heartbeats()).isGreaterThan(2));
    }

    @Test
    @Order(3)
    void anEventOfAnotherInstanceIsHandledAndAcknowledged() {
        try (TestInstance other =
                KafkaInstances.ofTheApplication().start(broker.bootstrapServers(), KafkaBroker.TOPIC)) {
            await().until(() -> other.heartbeats() > 0);
            SessionEnded ended = TestInstance.ended(Set.of(cache.instance()), Duration.ofSeconds(5));

            assertThat(other.announce(ended).instances()).containsExactly(cache.instance());
            assertThat(cache.invalidated()).contains(ended.session());
        }
    }

    @Test
    @Order(3)
    void theAnswerContinuesOnTheEventLoopThatAsked() throws Exception {
        CompletableFuture<String> asked = new CompletableFuture<>();
        CompletableFuture<String> answered = new CompletableFuture<>();

        vertx.getOrCreateContext().runOnContext(ignored -> {
            asked.complete(Thread.currentThread().getName());
            transport
                    .announce(TestInstance.ended(Set.of("ghost"), Duration.ofMillis(100)))
                    .subscribe()
                    .with(acks -> answered.complete(Thread.currentThread().getName()));
        });

        assertThat(answered.get(5, TimeUnit.SECONDS)).isEqualTo(asked.get()).contains("eventloop");
    }

    @Test
    @Order(4)
    @DisplayName(
            "O3: more events than can wait while Kafka is stuck are refused, and it is joined again when Kafka goes on")
    void joinsAgainAfterMoreEventsThanCanWait() {
        broker.pause();
        double failed = failed();
        for (int i = 0; i < 10_000; i++) {
            transport
                    .announce(TestInstance.ended(Set.of(), Duration.ofSeconds(1)))
                    .subscribe()
                    .with(acks -> {});
        }
        await().until(() -> failed() > failed);
        broker.resume();
        int before = cache.heartbeats();

        await().untilAsserted(() -> assertThat(cache.heartbeats()).isGreaterThan(before + 2));
        await().untilAsserted(() -> assertThat(transport
                        .announce(TestInstance.ended(Set.of(cache.instance()), Duration.ofSeconds(5)))
                        .await()
                        .atMost(Duration.ofSeconds(10))
                        .instances())
                .containsExactly(cache.instance()));
    }

    private double failed() {
        return meters.get("sso.events.failed").tag("type", "ended").counter().count();
    }

    @Test
    void theKafkaClientsAreQuietByTheConfigurationInTheJar() {
        Logger kafka = Logger.getLogger("org.apache.kafka.clients.NetworkClient");

        assertThat(kafka.isLoggable(Level.WARNING)).isFalse();
        assertThat(kafka.isLoggable(Level.SEVERE)).isTrue();
    }
}
