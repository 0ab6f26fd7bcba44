package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.acme.session.testing.RedisAddress;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Session events over a real Redis. */
class RedisTransportTest extends EventTransportContract {

    private static final String CHANNEL = "session-events";
    private static final RedisServer SERVER = new RedisServer();
    private static final Vertx VERTX = Vertx.vertx();
    private static Redis redis;

    @BeforeAll
    static void begin() {
        SERVER.start();
        redis = client(SERVER.uri());
        fourInstances(RedisTransportTest::start);
    }

    @AfterAll
    static void end() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
        SERVER.stop();
    }

    private static TestInstance start() {
        return TestInstance.start(redis, CHANNEL);
    }

    @Override
    TestInstance newInstance() {
        return start();
    }

    @Override
    void send(Stream<byte[]> events) {
        events.map(event -> event == null ? new byte[0] : event).forEach(event -> redis.send(
                        Request.cmd(Command.PUBLISH).arg(CHANNEL).arg(Buffer.buffer(event)))
                .toCompletionStage()
                .toCompletableFuture()
                .join());
    }

    @Test
    @DisplayName("O3, L5: an instance that stopped listens no more, and no event is ever kept")
    void aStoppedInstanceLeavesNothingBehind() {
        try (RedisConnection connection = new RedisConnection(SERVER.uri())) {
            TestInstance shortLived = start();
            await().until(() -> shortLived.heartbeats() > 0);
            shortLived.close();

            await().untilAsserted(() -> assertThat(listeners(connection)).isEqualTo("4"));
            assertThat(connection.number("DBSIZE")).isZero();
        }
    }

    @Test
    @DisplayName("O3: when the connection that publishes ends and the one that listens does not, events go on")
    void publishingConnectionEnds() {
        try (TestInstance instance = newInstance();
                RedisConnection administrator = new RedisConnection(SERVER.uri())) {
            await().until(() -> instance.heartbeats() > 0);
            administrator.send("CLIENT", "KILL", "TYPE", "normal");
            int before = instance.heartbeats();
            await().until(() -> instance.heartbeats() > before + 3);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("O3: where a master has moved to, events get there, though old connections stay open")
    void masterMoves(boolean publishingConnectionHasEnded) {
        RedisServer next = new RedisServer();
        next.start();
        try (RedisAddress address = new RedisAddress(SERVER);
                RedisConnection administrator = new RedisConnection(SERVER.uri())) {
            next.follow(SERVER);
            Redis before = client(address.uri());
            Redis after = client(next.uri());
            try (TestInstance announcer = TestInstance.start(before, "moves");
                    TestInstance other = TestInstance.start(after, "moves")) {
                await().until(() -> announcer.heartbeats() > 0);
                if (publishingConnectionHasEnded) {
                    administrator.send("CLIENT", "KILL", "TYPE", "normal");
                    int heartbeats = announcer.heartbeats();
                    await().until(() -> announcer.heartbeats() > heartbeats + 3);
                }
                next.lead();
                SERVER.follow(next);
                address.leadTo(next);

                await().untilAsserted(() -> assertThat(announcer
                                .announce(TestInstance.ended(Set.of(other.name()), Duration.ofMillis(500)))
                                .instances())
                        .contains(other.name()));
            }
        } finally {
            SERVER.lead();
            next.stop();
        }
    }

    private static Redis client(String uri) {
        return Redis.createClient(
                VERTX, new RedisOptions().setConnectionString(uri).setMaxPoolSize(24));
    }

    private static String listeners(RedisConnection connection) {
        return connection.texts("PUBSUB", "NUMSUB", CHANNEL).get(1);
    }

    @Test
    @DisplayName("O3: a Redis that is killed and started again is found without a restart of the service")
    void redisComesBack() throws IOException {
        try (TestInstance announcer = newInstance();
                TestInstance other = newInstance()) {
            await().until(() -> announcer.heartbeats() > 0 && other.heartbeats() > 0);
            SERVER.kill();
            try {
                await().until(() -> !announcer.transport.joined() && !other.transport.joined());
                assertThat(announcer
                                .announce(TestInstance.ended(Set.of(other.name()), Duration.ofSeconds(5)))
                                .instances())
                        .isEmpty();
            } finally {
                SERVER.launch();
            }
            await().until(() -> announcer.transport.joined() && other.transport.joined());
            assertThat(announcer
                            .announce(TestInstance.ended(Set.of(other.name()), Duration.ofSeconds(5)))
                            .instances())
                    .containsExactly(other.name());
        }
        // The four of the contract, too.
        await().until(() -> instances().stream().allMatch(instance -> instance.transport.joined()));
    }
}
