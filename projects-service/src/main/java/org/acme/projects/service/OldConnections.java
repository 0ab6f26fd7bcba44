package org.acme.projects.service;

import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closes the pool's connections when the store says that it is not the master any more: its address may lead to another one by
 * now, and connections that are open stay where they are. (The shared session does the same for its own commands.)
 */
final class OldConnections {

    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(1);

    private final Redis redis;
    private final int connections;
    private final AtomicLong keptUntil = new AtomicLong(System.nanoTime());

    /** @param connections the most that the pool has */
    OldConnections(Redis redis, int connections) {
        this.redis = redis;
        this.connections = connections;
    }

    /** What is asked after this call gets a new connection. */
    void close() {
        long now = System.nanoTime();
        long next = keptUntil.get();
        if (now - next >= 0 && keptUntil.compareAndSet(next, now + AT_MOST_EVERY.toNanos())) {
            for (int i = 0; i < connections; i++) {
                redis.connect().subscribe().with(OldConnections::quit, unreachable -> {});
            }
        }
    }

    /** Back into the pool only when it is closed, so that nobody is given it in between. */
    private static void quit(RedisConnection connection) {
        connection.endHandler(connection::closeAndForget);
        connection.send(Request.cmd(Command.QUIT)).subscribe().with(ok -> {}, failure -> connection.closeAndForget());
    }
}
