package org.acme.session.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A master, two replicas and three Sentinels, with the Redis users as shipped. */
public final class RedisSentinels implements QuarkusTestResourceLifecycleManager {

    private static final String NAME = "sessions";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final List<RedisProcess> servers;
    private final List<RedisProcess> sentinels;

    public RedisSentinels() {
        String users = ShippedUsers.file("users.acl", "replication.acl");
        servers = Stream.generate(() -> new RedisProcess(
                        "--aclfile",
                        users,
                        "--masteruser",
                        "replica",
                        "--masterauth",
                        ShippedUsers.PASSWORD,
                        "--repl-diskless-sync-delay",
                        "0",
                        "--min-replicas-to-write",
                        "1",
                        "--min-replicas-max-lag",
                        "2"))
                .limit(3)
                .toList();
        sentinels = Stream.generate(() -> RedisProcess.sentinel(List.of(
                        "sentinel monitor " + NAME + " 127.0.0.1 "
                                + servers.get(0).port() + " 2",
                        "sentinel auth-user " + NAME + " sentinel",
                        "sentinel auth-pass " + NAME + " " + ShippedUsers.PASSWORD,
                        "sentinel down-after-milliseconds " + NAME + " 2000",
                        "sentinel failover-timeout " + NAME + " 6000",
                        ShippedUsers.of("sentinel-service.acl").get(0))))
                .limit(3)
                .toList();
    }

    @Override
    public Map<String, String> start() {
        try {
            servers.get(0).launch();
            for (RedisProcess replica : servers.subList(1, 3)) {
                launch(replica, servers.get(0));
            }
            for (RedisProcess sentinel : sentinels) {
                sentinel.launch();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        until("the Sentinels know each other and the replicas", () -> sentinels.stream()
                .allMatch(sentinel -> {
                    try (RedisConnection redis = new RedisConnection(sentinel.uri())) {
                        List<String> state = redis.texts("SENTINEL", "MASTER", NAME);
                        return state.get(state.indexOf("num-other-sentinels") + 1)
                                        .equals("2")
                                && state.get(state.indexOf("num-slaves") + 1).equals("2");
                    }
                }));
        until("both replicas follow", this::isWhole);
        Map<String, String> settings = new HashMap<>(RedisServer.settings(sentinels.stream()
                .map(sentinel -> sentinel.uri("users-service"))
                .collect(Collectors.joining(","))));
        settings.put("quarkus.redis.client-type", "sentinel");
        settings.put("quarkus.redis.master-name", NAME);
        settings.put("sso.store.replicas", "1");
        return settings;
    }

    private static void launch(RedisProcess replica, RedisProcess master) throws IOException {
        replica.launch("--replicaof", "127.0.0.1", Integer.toString(master.port()));
    }

    private static void until(String what, BooleanSupplier reached) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not within " + LIMIT + ": " + what);
            }
            Thread.onSpinWait();
        }
    }

    private RedisProcess master() {
        try (RedisConnection sentinel = new RedisConnection(sentinels.get(0).uri())) {
            int port = Integer.parseInt(
                    sentinel.texts("SENTINEL", "GET-MASTER-ADDR-BY-NAME", NAME).get(1));
            return servers.stream()
                    .filter(server -> server.port() == port)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private boolean isWhole() {
        try (RedisConnection redis = asTests(master())) {
            return redis.text("INFO", "replication").contains("min_slaves_good_slaves:2");
        }
    }

    private static RedisConnection asTests(RedisProcess server) {
        return new RedisConnection(server.uri("tests"));
    }

    private List<RedisProcess> replicas() {
        RedisProcess master = master();
        return servers.stream().filter(server -> server != master).toList();
    }

    /** What each replica has in that field of a hash. */
    public List<String> atReplicas(String key, String field) {
        List<String> values = new ArrayList<>();
        for (RedisProcess replica : replicas()) {
            try (RedisConnection redis = asTests(replica)) {
                values.add(String.valueOf(redis.text("HGET", key, field)));
            }
        }
        return values;
    }

    public void pauseReplicas() {
        replicas().forEach(RedisProcess::pause);
    }

    public void resumeReplicas() {
        replicas().forEach(RedisProcess::resume);
        until("both replicas follow", this::isWhole);
    }

    /** As a crash would. */
    public void killMaster() {
        master().kill();
    }

    /** The server that was killed comes back, as a replica. */
    public void restore() {
        RedisProcess master = master();
        try {
            for (RedisProcess server : servers) {
                if (!server.isRunning()) {
                    launch(server, master);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        until("both replicas follow", this::isWhole);
    }

    /** After {@link RedisServer}, which the tests of a module share. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(RedisSentinels.class));
    }

    @Override
    public void stop() {
        Stream.concat(sentinels.stream(), servers.stream()).forEach(RedisProcess::stop);
    }
}
