package org.acme.session.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A real Redis Cluster of three masters, with the Redis users as shipped. */
public final class RedisCluster implements QuarkusTestResourceLifecycleManager {

    private static final int SLOTS = 16384;
    private static final Duration FORM_LIMIT = Duration.ofSeconds(20);

    private static final Pattern ERROR = Pattern.compile("errorstat_(\\w+):");

    private final String users = ShippedUsers.file("users.acl");
    private final List<Node> nodes = List.of(new Node(users), new Node(users), new Node(users));

    private static final class Node {

        private final int bus = RedisProcess.freePort();
        private final RedisProcess process;

        Node(String users) {
            process = new RedisProcess(
                    "--cluster-enabled", "yes", "--cluster-port", Integer.toString(bus), "--aclfile", users);
        }

        RedisConnection asTests() {
            return new RedisConnection(process.uri("tests"));
        }
    }

    @Override
    public Map<String, String> start() {
        try {
            for (Node node : nodes) {
                node.process.launch();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        form();
        Map<String, String> settings = new HashMap<>(RedisServer.settings(
                nodes.stream().map(node -> node.process.uri("users-service")).collect(Collectors.joining(","))));
        settings.put("quarkus.redis.client-type", "cluster");
        return settings;
    }

    private void form() {
        int each = SLOTS / nodes.size();
        for (int i = 0; i < nodes.size(); i++) {
            boolean last = i == nodes.size() - 1;
            try (RedisConnection redis = nodes.get(i).asTests()) {
                redis.send("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
                redis.send(
                        "CLUSTER",
                        "ADDSLOTSRANGE",
                        Integer.toString(i * each),
                        Integer.toString(last ? SLOTS - 1 : (i + 1) * each - 1));
                Node first = nodes.get(0);
                redis.send(
                        "CLUSTER",
                        "MEET",
                        "127.0.0.1",
                        Integer.toString(first.process.port()),
                        Integer.toString(first.bus));
            }
        }
        long deadline = System.nanoTime() + FORM_LIMIT.toNanos();
        while (!masters().allMatch(RedisCluster::knowsAll)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the nodes did not form a cluster");
            }
            Thread.onSpinWait();
        }
        masters().forEach(redis -> {
            try (redis) {
                redis.send("CONFIG", "RESETSTAT");
            }
        });
    }

    /** The names of the errors that a master has answered with since the cluster was formed. */
    public static Set<String> errors(RedisConnection master) {
        return ERROR.matcher(master.text("INFO", "errorstats"))
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());
    }

    private static boolean knowsAll(RedisConnection redis) {
        try (redis) {
            String info = redis.text("CLUSTER", "INFO");
            return info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:" + SLOTS);
        }
    }

    /** Connections to all masters, each to be closed. */
    public Stream<RedisConnection> masters() {
        return nodes.stream().map(Node::asTests);
    }

    /** The master that has the key's slot. */
    public RedisConnection masterOf(String key) {
        return masters()
                .filter(redis -> has(redis, slot(redis, key)))
                .findFirst()
                .orElseThrow();
    }

    /** Another one. */
    public RedisConnection notMasterOf(String key) {
        return masters()
                .filter(redis -> !has(redis, slot(redis, key)))
                .findFirst()
                .orElseThrow();
    }

    public static String slot(RedisConnection redis, String key) {
        return Long.toString(redis.number("CLUSTER", "KEYSLOT", key));
    }

    /** By the ranges at the end of the node's own line of {@code CLUSTER NODES}. */
    private static boolean has(RedisConnection redis, String slot) {
        int number = Integer.parseInt(slot);
        return redis.text("CLUSTER", "NODES")
                .lines()
                .filter(line -> line.contains("myself"))
                .flatMap(line -> Stream.of(line.split(" ")).skip(8))
                .filter(range -> !range.startsWith("["))
                .map(range -> range.split("-"))
                .anyMatch(range ->
                        Integer.parseInt(range[0]) <= number && number <= Integer.parseInt(range[range.length - 1]));
    }

    /** Moves keys as {@code redis-cli --cluster reshard} does. */
    public void move(RedisConnection from, RedisConnection to, List<String> keys) {
        String port = to.texts("CONFIG", "GET", "port").get(1);
        List<String> command = new ArrayList<>(List.of("MIGRATE", "127.0.0.1", port, "", "0", "5000"));
        command.addAll(List.of("AUTH2", "tests", ShippedUsers.PASSWORD, "KEYS"));
        command.addAll(keys);
        from.send(command.toArray(String[]::new));
    }

    /** After {@link RedisServer}, which the tests of a module share. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(RedisCluster.class));
    }

    @Override
    public void stop() {
        nodes.forEach(node -> node.process.stop());
    }
}
