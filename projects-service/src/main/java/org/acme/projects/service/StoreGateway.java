package org.acme.projects.service;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.acme.projects.config.ProjectsConfig;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Asks Redis. Whatever keeps it from answering is one kind of failure to callers. */
@Singleton
class StoreGateway {

    private static final Set<String> NOT_THE_MASTER = Set.of("READONLY", "MASTERDOWN", "NOREPLICAS", "LOADING");

    private final Redis redis;
    private final ProjectsConfig config;
    private final int connections;
    private final OldConnections oldConnections;

    StoreGateway(
            Redis redis, ProjectsConfig config, @ConfigProperty(name = "quarkus.redis.max-pool-size") int connections) {
        this.redis = redis;
        this.config = config;
        this.connections = connections;
        this.oldConnections = new OldConnections(redis, connections);
    }

    Uni<Response> run(Script script, List<String> keys, List<String> arguments) {
        return ask(script.run(keys, arguments));
    }

    Uni<Response> ask(Request request) {
        return tellingOutages(askingMaster(redis.send(request)));
    }

    Uni<List<Response>> askAll(List<Request> requests) {
        return tellingOutages(askingMaster(redis.batch(requests)));
    }

    private <T> Uni<T> askingMaster(Uni<T> question) {
        return question.onFailure(StoreGateway::isNotTheMaster)
                .invoke(oldConnections::close)
                .onFailure(StoreGateway::isNotTheMaster)
                .retry()
                .atMost(1);
    }

    /**
     * Changes nothing, so it is asked again when its connection turns out to be dead: after a fail-over all that the pool has
     * may be.
     */
    <T> Uni<T> reading(Uni<T> question) {
        return bounded(
                question.onFailure(StoreGateway::isDeadConnection).retry().atMost(connections));
    }

    /** It has done nothing of what it was asked, and another one may be the master by now. */
    private static boolean isNotTheMaster(Throwable failure) {
        if (!(failure instanceof ErrorType error)) {
            return false;
        }
        // Of a batch, which one it was stands in front.
        String words = error.getMessage().replaceFirst("^ERR \\[\\d+] ", "");
        return NOT_THE_MASTER.stream().anyMatch(words::startsWith);
    }

    /**
     * Closed or reset; a store that is unavailable cannot be connected to at all. (The shared session knows the same of its own
     * connections. A service knows its public API only: ArchitectureTest.)
     */
    private static boolean isDeadConnection(Throwable unavailable) {
        Throwable cause = unavailable.getCause();
        boolean notConnected = cause instanceof ConnectException
                || cause instanceof UnknownHostException
                || cause instanceof NoRouteToHostException;
        return cause instanceof IOException && !notConnected
                || cause instanceof ErrorType error && error.is("CONNECTION_CLOSED")
                || cause != null && "Connection is closed".equals(cause.getMessage());
    }

    /** A slow store is one that cannot be asked, however many steps a question takes. */
    <T> Uni<T> bounded(Uni<T> question) {
        return question.ifNoItem()
                .after(config.storeTimeout())
                .failWith(() -> new ProjectsUnavailableException(new TimeoutException(
                        "no answer within " + config.storeTimeout().toMillis() + " ms")));
    }

    /**
     * Away, busy, loading, read-only, full: whatever the store's trouble is, callers see one kind of failure. What fails
     * in our own code stays what it is.
     */
    private static <T> Uni<T> tellingOutages(Uni<T> answer) {
        return answer.onFailure().transform(ProjectsUnavailableException::new);
    }
}
