package org.acme.session.internal.store;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Rids the pool of connections that lead nowhere, or to a Redis that is not the master any more.
 *
 * <p>Asks once over every connection when Redis answers again after trouble. A Redis that vanishes with its machine or
 * container closes nothing: the pool keeps connections that are dead, and each would cost somebody a write. Whoever finds one
 * dead drops it.
 *
 * <p>Closes every connection when a Redis says that it is not the master: the address may lead to another one by now, and
 * connections that are open stay where they are.
 */
final class StaleConnectionProbe {

    /** While some questions are answered and some are not, that often; and while there is no master. */
    private static final Duration AT_MOST_EVERY = Duration.ofSeconds(1);

    private final Redis redis;
    private final int connections;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());
    private final AtomicLong keptUntil = new AtomicLong(System.nanoTime());

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
        if (wanted.get() && isTime(quietUntil)) {
            wanted.set(false);
            // At once, so that each gets another connection. Who is dead is dropped by the failure itself.
            for (int i = 0; i < connections; i++) {
                redis.send(Request.cmd(Command.PING)).onFailure(failure -> afterTrouble());
            }
        }
    }

    /** The Redis that answered is not the master. What is asked after this call gets a new connection. */
    void notTheMaster() {
        if (isTime(keptUntil)) {
            for (int i = 0; i < connections; i++) {
                redis.connect().onSuccess(StaleConnectionProbe::quit);
            }
        }
    }

    /** Back into the pool only when it is closed, so that nobody is given it in between. */
    private static void quit(RedisConnection connection) {
        connection.endHandler(closed -> connection.close());
        connection.send(Request.cmd(Command.QUIT)).onFailure(failure -> connection.close());
    }

    private static boolean isTime(AtomicLong next) {
        long now = System.nanoTime();
        long time = next.get();
        return now - time >= 0 && next.compareAndSet(time, now + AT_MOST_EVERY.toNanos());
    }
}
