package org.acme.logout;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** A channel of Redis pub/sub: what is published while nobody listens is gone, which suits events that matter for a second. */
final class RedisChannel implements EventChannel {

    private static final Duration OPEN_LIMIT = Duration.ofSeconds(2);

    private final String name;
    private final ReceivedEvents received = new ReceivedEvents();
    private final RedisConnection speaking;
    private final RedisConnection listening;

    /** Returns when it listens; fails when Redis does not answer in time. */
    RedisChannel(String name, Redis redis) {
        this.name = name;
        speaking = await(redis.connect());
        try {
            listening = await(redis.connect());
        } catch (RuntimeException e) {
            speaking.close();
            throw e;
        }
        listening
                .handler(this::received)
                .exceptionHandler(received::fail)
                .endHandler(ended -> received.fail(new IllegalStateException("Redis has closed the connection")));
        try {
            await(listening.send(Request.cmd(Command.SUBSCRIBE).arg(name)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private void received(Response message) {
        if (message != null && message.size() == 3 && message.get(0).toString().equals("message")) {
            received.add(message.get(2).toBytes());
        }
    }

    @Override
    public void publish(byte[] event, Consumer<Throwable> failed) {
        speaking.send(Request.cmd(Command.PUBLISH).arg(name).arg(Buffer.buffer(event)))
                .onFailure(failed::accept);
    }

    @Override
    public Iterable<byte[]> poll(Duration wait) {
        return received.poll(wait);
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
