package org.acme.logout;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A channel of Redis pub/sub: what is published while nobody listens is gone, which suits events that matter for a second. */
final class RedisChannel implements EventChannel {

    private static final Duration OPEN_LIMIT = Duration.ofSeconds(2);

    /** Several heartbeats. */
    private static final Duration DOUBT_LIMIT = Duration.ofSeconds(1);

    /** How long this may lead to a Redis that is not the master any more. */
    private static final Duration MASTER_CHECK_INTERVAL = Duration.ofSeconds(1);

    /**
     * Does nothing. Being a script that may write, it is refused by a replica, which takes a PUBLISH and tells nobody but its own
     * listeners. The key, which every service may name, leads to a master in a Redis Cluster.
     */
    private static final Request MASTER_CHECK =
            Request.cmd(Command.EVAL).arg("#!lua\nreturn 1").arg(1).arg("leases");

    private final String name;
    private final Redis redis;
    private final ReceivedEvents received = new ReceivedEvents();
    private final RedisConnection speaking;
    private final RedisConnection listening;

    /** Something of what listens has ended since the last message. */
    private volatile Doubt doubt;

    private record Doubt(Throwable why, long since) {}

    private long checkedAt = System.nanoTime();

    /** Returns when it listens; fails when Redis does not answer in time. */
    RedisChannel(String name, Redis redis) {
        this.name = name;
        this.redis = redis;
        speaking = toMaster(redis);
        try {
            listening = toMaster(redis);
        } catch (RuntimeException e) {
            speaking.close();
            throw e;
        }
        listening
                .handler(this::received)
                .exceptionHandler(this::doubt)
                .endHandler(ended -> doubt(new IllegalStateException("Redis has closed the connection")));
        try {
            await(listening.send(Request.cmd(Command.SUBSCRIBE).arg(name)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The pool may have connections from before the address moved. Each that comes up here is closed, for others, too. */
    private static RedisConnection toMaster(Redis redis) {
        RedisConnection connection = await(redis.connect());
        try {
            await(connection.send(MASTER_CHECK));
        } catch (RuntimeException e) {
            if (isNotTheMaster(e.getCause().getCause())) {
                connection.endHandler(closed -> connection.close());
                connection.send(Request.cmd(Command.QUIT)).onFailure(failure -> connection.close());
                throw e;
            }
        }
        return connection;
    }

    private static boolean isNotTheMaster(Throwable failure) {
        return failure instanceof ErrorType error && error.is("READONLY");
    }

    /**
     * In a Redis Cluster what listens is one connection to each node. One of them has subscribed, the others idle until the
     * client closes them. Which one has ended shows when heartbeats go on coming, or do not.
     */
    private void doubt(Throwable why) {
        doubt = new Doubt(why, System.nanoTime());
    }

    private void received(Response message) {
        doubt = null;
        if (message != null && message.size() == 3 && message.get(0).toString().equals("message")) {
            received.add(message.get(2).toBytes());
        }
    }

    /** One connection keeps the order. When it has ended, any other one of the pool is as good: acknowledgements need no order. */
    @Override
    public void publish(byte[] event, Consumer<Throwable> failed) {
        Request request = Request.cmd(Command.PUBLISH).arg(name).arg(Buffer.buffer(event));
        speak(request).onFailure(failed::accept);
    }

    private Future<Response> speak(Request request) {
        return speaking.send(request)
                .recover(failure -> failure instanceof ErrorType ? Future.failedFuture(failure) : redis.send(request));
    }

    @Override
    public Iterable<byte[]> poll(Duration wait) {
        List<byte[]> events = received.poll(wait);
        long now = System.nanoTime();
        Doubt open = doubt;
        if (open != null && now - open.since() > DOUBT_LIMIT.toNanos()) {
            throw new IllegalStateException(open.why());
        }
        if (now - checkedAt > MASTER_CHECK_INTERVAL.toNanos()) {
            checkedAt = now;
            checkMaster();
        }
        return events;
    }

    /** Behind one address that moves to a new master, connections that are open stay at the old one. */
    private void checkMaster() {
        speak(MASTER_CHECK).onFailure(failure -> {
            if (isNotTheMaster(failure)) {
                received.fail(failure);
            }
        });
    }

    @Override
    public void wakeUp() {
        received.fail(new IllegalStateException("asked to stop"));
    }

    @Override
    public void close() {
        listening.close();
        speaking.close();
    }

    private static <T> T await(Future<T> answer) {
        try {
            return answer.toCompletionStage().toCompletableFuture().get(OPEN_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // What comes too late is not left open.
            answer.onSuccess(late -> {
                if (late instanceof RedisConnection connection) {
                    connection.close();
                }
            });
            throw new IllegalStateException("Redis does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
