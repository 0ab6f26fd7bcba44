package org.acme.logout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.acme.session.testing.RedisCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Session events over a real Redis Cluster. Its client has connections to all masters for each that it is asked for, most of them
 * idle, and closes what is idle: after two seconds here, after 30 in a service.
 */
class RedisClusterTransportTest {

    private static final String CHANNEL = "session-events";
    private static final RedisCluster CLUSTER = new RedisCluster();
    private static final Vertx VERTX = Vertx.vertx();
    private static Redis redis;

    @BeforeAll
    static void begin() {
        RedisOptions options = new RedisOptions()
                .setType(RedisClientType.CLUSTER)
                .setMaxPoolSize(24)
                .setNetClientOptions(new NetClientOptions().setIdleTimeout(2));
        for (String host : CLUSTER.start().get("quarkus.redis.hosts").split(",")) {
            options.addConnectionString(host);
        }
        redis = Redis.createClient(VERTX, options);
    }

    @AfterAll
    static void end() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
        CLUSTER.stop();
    }

    @Test
    @DisplayName("O3: in a Redis Cluster idle connections end, and the one that listens goes on listening")
    void idleConnectionsEnd() {
        AtomicInteger opened = new AtomicInteger();
        try (TestInstance announcer = TestInstance.start(
                        () -> {
                            opened.incrementAndGet();
                            return new RedisChannel(CHANNEL, redis);
                        },
                        CHANNEL);
                TestInstance other = TestInstance.start(redis, CHANNEL)) {
            await().until(() -> announcer.heartbeats() > 0 && other.heartbeats() > 0);
            int before = announcer.heartbeats();
            await().atMost(Duration.ofSeconds(30)).until(() -> announcer.heartbeats() >= before + 60);

            assertThat(opened).as("channels opened").hasValue(1);
            assertThat(announcer.count("sso.events.failed", "type", "heartbeat"))
                    .isZero();
            assertThat(announcer
                            .announce(TestInstance.ended(Set.of(other.name()), Duration.ofSeconds(5)))
                            .instances())
                    .containsExactly(other.name());
        }
    }
}
