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
    static final int MEMBERS_PER_PROJECT = 5;
    static final int PER_MEMBER = 4;
    static final Duration STORE_LIMIT = Duration.ofSeconds(2);

    static final ProjectsConfig LIMITS = new Limits();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    final RedisServer server = new RedisServer();
    private final Vertx vertx = Vertx.vertx();
    private final Redis redis;
    private final ProjectStore store;

    TestStore() {
        server.start();
        redis = client(server.uri());
        store = new ProjectStore(gateway(redis), LIMITS);
    }

    private static StoreGateway gateway(Redis redis) {
        return new StoreGateway(redis, LIMITS, 6);
    }

    ProjectStore store() {
        return store;
    }

    ProjectStore storeAs(String redisUser, String password) {
        return storeAt(server.uri().replace("redis://", "redis://" + redisUser + ":" + password + "@"));
    }

    ProjectStore storeAt(String uri) {
        return new ProjectStore(gateway(client(uri)), LIMITS);
    }

    /** The rules on this store. */
    Projects projects(Directory directory) {
        return new Projects(store, new People(gateway(redis), directory, LIMITS), directory);
    }

    Project create(Person owner, String name) {
        return await(store.create(owner, "somebody", text(name)));
    }

    static ProjectText text(String name) {
        return new ProjectText(name, "About " + name);
    }

    Response command(Command command, String... arguments) {
        Request request = Request.cmd(command);
        for (String argument : arguments) {
            request.arg(argument);
        }
        return await(redis.send(request));
    }

    static <T> T await(Uni<? extends T> uni) {
        return uni.await().atMost(TIMEOUT);
    }

    static List<String> names(Uni<ProjectList> list) {
        return names(await(list));
    }

    static List<String> names(ProjectList list) {
        return list.projects().stream().map(project -> project.text().name()).toList();
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
        public int membersPerProject() {
            return MEMBERS_PER_PROJECT;
        }

        @Override
        public int perMember() {
            return PER_MEMBER;
        }

        @Override
        public int lookupsPerMinute() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Duration suggestionTtl() {
            return Duration.ofDays(90);
        }

        @Override
        public Duration storeTimeout() {
            return STORE_LIMIT;
        }

        @Override
        public Live live() {
            return new LiveLimits();
        }
    }

    private static final class LiveLimits implements ProjectsConfig.Live {

        @Override
        public int perSession() {
            return 4;
        }

        @Override
        public int perInstance() {
            return 10;
        }

        @Override
        public Duration heartbeatInterval() {
            return Duration.ofMillis(500);
        }

        @Override
        public Duration maxDuration() {
            return Duration.ofMinutes(1);
        }

        @Override
        public Duration resubscribeInterval() {
            return Duration.ofMillis(200);
        }
    }
}
