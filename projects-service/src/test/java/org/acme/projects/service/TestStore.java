package org.acme.projects.service;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.List;
import org.acme.projects.config.ProjectsConfig;
import org.acme.session.testing.RedisServer;

/** The store on a real Redis of its own, without Quarkus. */
final class TestStore implements AutoCloseable {

    static final int PAGE_SIZE = 3;
    static final int PER_OWNER = 25;
    static final Duration STORE_LIMIT = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    final RedisServer server = new RedisServer();
    private final Vertx vertx = Vertx.vertx();
    private final Redis redis;
    private final ProjectStore store;

    TestStore() {
        server.start();
        redis = client(server.uri());
        store = new ProjectStore(redis, new Limits());
    }

    ProjectStore store() {
        return store;
    }

    ProjectStore storeAs(String redisUser, String password) {
        return new ProjectStore(
                client(server.uri().replace("redis://", "redis://" + redisUser + ":" + password + "@")), new Limits());
    }

    Project create(Owner owner, String name) {
        return await(store.create(owner, "somebody", new ProjectName(name)));
    }

    Response command(Command command, String... arguments) {
        Request request = Request.cmd(command);
        for (String argument : arguments) {
            request.arg(argument);
        }
        return await(redis.send(request));
    }

    static <T> T await(Uni<T> uni) {
        return uni.await().atMost(PATIENCE);
    }

    static List<String> names(Uni<ProjectList> list) {
        return names(await(list));
    }

    static List<String> names(ProjectList list) {
        return list.projects().stream().map(project -> project.name().text()).toList();
    }

    @Override
    public void close() {
        vertx.closeAndAwait();
        server.stop();
    }

    private Redis client(String uri) {
        return Redis.newInstance(io.vertx.redis.client.Redis.createClient(
                vertx.getDelegate(),
                new RedisOptions().setConnectionString(uri).setMaxPoolSize(6).setMaxPoolWaiting(100)));
    }

    private static final class Limits implements ProjectsConfig {

        @Override
        public int pageSize() {
            return PAGE_SIZE;
        }

        @Override
        public int perOwner() {
            return PER_OWNER;
        }

        @Override
        public Duration storeLimit() {
            return STORE_LIMIT;
        }
    }
}
