package org.acme.projects.service;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClientOptions;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.acme.session.testing.RedisCluster;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Whether changes are heard, over real servers. */
class ChangeFeedTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final Vertx vertx = Vertx.vertx();
    private final Heard heard = new Heard();
    private Redis redis;
    private ChangeFeed feed;

    private static final class Heard implements ChangeListener {

        final Set<Long> versions = ConcurrentHashMap.newKeySet();
        final AtomicInteger interruptions = new AtomicInteger();

        @Override
        public void changed(ProjectChange change) {
            versions.add(change.version());
        }

        @Override
        public void missedSome() {
            interruptions.incrementAndGet();
        }
    }

    private void start(RedisOptions options) {
        redis = Redis.newInstance(io.vertx.redis.client.Redis.createClient(vertx, options.setMaxPoolSize(6)));
        feed = new ChangeFeed(redis, vertx, TestStore.LIMITS);
        feed.listen(heard);
        feed.start(new StartupEvent());
        await().atMost(LIMIT).until(() -> heard.interruptions.get() == 1);
    }

    @AfterEach
    void stop() {
        feed.stop();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void change(long version) {
        redis.send(Request.cmd(Command.PUBLISH).arg(ProjectKeys.CHANGES).arg("project " + version + " somebody"))
                .await()
                .atMost(LIMIT);
    }

    private void changeIsHeard(long version) {
        change(version);
        await().atMost(LIMIT).until(() -> heard.versions.contains(version));
    }

    @Test
    @DisplayName("O5 in a Redis Cluster idle connections end, and changes go on being heard without an interruption")
    void idleConnectionsOfACluster() {
        RedisCluster cluster = new RedisCluster();
        RedisOptions options = new RedisOptions()
                .setType(RedisClientType.CLUSTER)
                .setNetClientOptions(new NetClientOptions().setIdleTimeout(2));
        try {
            for (String host : cluster.start().get("quarkus.redis.hosts").split(",")) {
                options.addConnectionString(host.replace("users-service", "projects-service"));
            }
            start(options);
            long begun = System.nanoTime();
            long version = 0;
            while (System.nanoTime() - begun < Duration.ofSeconds(8).toNanos()) {
                changeIsHeard(++version);
            }
            assertEquals(1, heard.interruptions.get());
        } finally {
            cluster.stop();
        }
    }

    @Test
    @DisplayName("O5 a subscription that was ended is made again, and whoever listens is told that some may be missing")
    void ended() {
        RedisServer server = new RedisServer();
        server.start();
        try (RedisConnection administrator = new RedisConnection(server.uri())) {
            start(new RedisOptions().setConnectionString(server.uri()));
            administrator.send("CLIENT", "KILL", "TYPE", "pubsub");
            await().atMost(LIMIT).until(() -> heard.interruptions.get() == 2);
            changeIsHeard(1);
        } finally {
            server.stop();
        }
    }

    @Test
    @DisplayName("O5 after a Redis that was killed and started again, changes are heard")
    void comesBack() throws IOException {
        RedisServer server = new RedisServer();
        server.start();
        try {
            start(new RedisOptions().setConnectionString(server.uri()));
            server.kill();
            server.launch();
            await().atMost(LIMIT).until(() -> heard.interruptions.get() >= 2);
            changeIsHeard(1);
        } finally {
            server.stop();
        }
    }
}
