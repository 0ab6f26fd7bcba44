package org.acme.session.internal.store;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks once over every connection of the pool when Redis answers again after trouble. A Redis that vanishes with its machine
 * or container closes nothing: the pool keeps connections that are dead, and each would cost somebody a write. Whoever finds
 * one dead drops it.
 */
final class StaleConnectionProbe {

    /** While some questions are answered and some are not, that often. */
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(1);

    private final Redis redis;
    private final int connections;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());

    /** @param connections the most that the pool has */
    StaleConnectionProbe(Redis redis, int connections) {
        this.redis = redis;
        this.connections = connections;
    }

    /** A question got no answer. */
    void afterTrouble() {
        wanted.set(true);
    }

    /** A question got an answer. */
    void answered() {
        if (!wanted.get()) {
            return;
        }
        long now = System.nanoTime();
        long next = quietUntil.get();
        if (now - next >= 0 && quietUntil.compareAndSet(next, now + AT_MOST_EVERY.toNanos())) {
            wanted.set(false);
            // At once, so that each gets another connection. Who is dead is dropped by the failure itself.
            for (int i = 0; i < connections; i++) {
                redis.send(Request.cmd(Command.PING)).onFailure(failure -> afterTrouble());
            }
        }
    }
}
