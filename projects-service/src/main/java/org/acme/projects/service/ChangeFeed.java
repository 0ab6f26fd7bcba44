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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.acme.projects.config.ProjectsConfig;

/**
 * Hears what any instance has changed, by way of Redis. Publishing keeps nothing: what happens while the subscription is
 * interrupted is lost, so listeners are told that it was.
 *
 * <p>Whether it is interrupted shows by heartbeats alone. Its connection may be several, one to each node of a Redis Cluster, of
 * which all but one idle and end; or lead to a server that is not the master any more, and answers.
 */
@Singleton
public class ChangeFeed {

    /** Tells an instance that it still hears. No change, so all pass over it. */
    private static final String HEARTBEAT = "heartbeat";

    private final Redis redis;
    private final Vertx vertx;
    private final ProjectsConfig config;
    private final List<ChangeListener> listeners = new CopyOnWriteArrayList<>();

    /** The connection that listens; null while there is none. */
    private final AtomicReference<RedisConnection> current = new AtomicReference<>();

    /** When the last message came, by {@link System#nanoTime()}. */
    private volatile long heardAt;

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
        looking = vertx.setPeriodic(config.live().heartbeatInterval().toMillis(), timer -> look(config.storeTimeout()));
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
        connection.exceptionHandler(failure -> look(config.live().resubscribeInterval()));
        connection.endHandler(() -> look(config.live().resubscribeInterval()));
        bounded(connection.send(Request.cmd(Command.SUBSCRIBE).arg(ProjectKeys.CHANGES)))
                .subscribe()
                .with(subscribed -> listeners.forEach(ChangeListener::missedSome), failure -> interrupted(connection));
    }

    /** Sends a heartbeat; when nothing is heard in that time, the subscription has ended. */
    private void look(Duration limit) {
        RedisConnection connection = current.get();
        if (connection == null) {
            return;
        }
        long sentAt = System.nanoTime();
        redis.send(Request.cmd(Command.PUBLISH).arg(ProjectKeys.CHANGES).arg(HEARTBEAT))
                .subscribe()
                .with(published -> {}, unreachable -> {});
        vertx.setTimer(limit.toMillis(), timer -> {
            if (heardAt - sentAt < 0) {
                interrupted(connection);
            }
        });
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
            heardAt = System.nanoTime();
            ProjectChange.parse(message.get(2).toString())
                    .ifPresent(change -> listeners.forEach(listener -> listener.changed(change)));
        }
    }
}
