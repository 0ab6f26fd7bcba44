package org.acme.projects.service;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisConnection;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.acme.projects.config.ProjectsConfig;

/**
 * Hears what any instance has changed, by way of Redis. Publishing keeps nothing: what happens while the subscription is
 * interrupted is lost, so listeners are told that it was.
 */
@Singleton
public class ChangeFeed {

    private final Redis redis;
    private final Vertx vertx;
    private final ProjectsConfig config;
    private final List<ChangeListener> listeners = new CopyOnWriteArrayList<>();

    /** The connection that listens; null while there is none. */
    private final AtomicReference<RedisConnection> current = new AtomicReference<>();

    private volatile boolean stopped;
    private long looking;

    ChangeFeed(Redis redis, Vertx vertx, ProjectsConfig config) {
        this.redis = redis;
        this.vertx = vertx;
        this.config = config;
    }

    public void listen(ChangeListener listener) {
        listeners.add(listener);
    }

    void start(@Observes StartupEvent starting) {
        subscribe();
        looking = vertx.setPeriodic(config.live().heartbeatInterval().toMillis(), timer -> look());
    }

    @PreDestroy
    void stop() {
        stopped = true;
        vertx.cancelTimer(looking);
        RedisConnection connection = current.getAndSet(null);
        if (connection != null) {
            connection.closeAndForget();
        }
    }

    /** Connecting has no limit of ours: a connection that came too late would be nobody's, and never closed. */
    private void subscribe() {
        redis.connect().subscribe().with(this::listenOn, failure -> interrupted(null));
    }

    private void listenOn(RedisConnection connection) {
        current.set(connection);
        connection.handler(this::received);
        connection.exceptionHandler(failure -> interrupted(connection));
        connection.endHandler(() -> interrupted(connection));
        bounded(connection.send(Request.cmd(Command.SUBSCRIBE).arg(ProjectKeys.CHANGES)))
                .subscribe()
                .with(subscribed -> listeners.forEach(ChangeListener::missedSome), failure -> interrupted(connection));
    }

    /** A connection whose other end is gone without a word is found out by asking. */
    private void look() {
        RedisConnection connection = current.get();
        if (connection == null) {
            return;
        }
        bounded(connection.send(Request.cmd(Command.PING)))
                .subscribe()
                .with(pong -> {}, failure -> interrupted(connection));
    }

    private Uni<Response> bounded(Uni<Response> answer) {
        return answer.ifNoItem().after(config.storeTimeout()).fail();
    }

    private void interrupted(RedisConnection connection) {
        if (stopped || connection != null && !current.compareAndSet(connection, null)) {
            return;
        }
        if (connection != null) {
            connection.closeAndForget();
        }
        vertx.setTimer(config.live().resubscribeInterval().toMillis(), timer -> subscribe());
    }

    /** Subscriptions and answers come here as well; a change is three words: "message", the channel, the message. */
    private void received(Response message) {
        if (message.size() == 3 && "message".equals(String.valueOf(message.get(0)))) {
            ProjectChange.parse(message.get(2).toString())
                    .ifPresent(change -> listeners.forEach(listener -> listener.changed(change)));
        }
    }
}
