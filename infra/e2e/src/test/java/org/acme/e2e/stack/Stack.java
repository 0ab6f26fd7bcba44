package org.acme.e2e.stack;

import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.acme.e2e.observers.KeycloakAdmin;
import org.acme.e2e.observers.LogScan;
import org.acme.e2e.observers.RedisProbe;

/**
 * A whole stack of its own, started and stopped with the same {@code infra/up} that people use, on ports and in a folder
 * where it disturbs no other. {@code -De2e.keep} leaves it running for the next run, which then takes it over;
 * {@code -De2e.compose} asks the same of the stack in containers.
 */
public final class Stack implements AutoCloseable {

    static final int PORT = Integer.getInteger("e2e.port", 18080);
    private static final boolean KEEP = System.getProperty("e2e.keep") != null;
    /** The parts are containers ({@code -De2e.compose}), not processes. */
    public static final boolean IN_CONTAINERS = System.getProperty("e2e.compose") != null;

    /** As {@code infra/up --redis} and {@code --brokers} take them ({@code -De2e.redis}, {@code -De2e.brokers}). */
    private static final String REDIS = System.getProperty("e2e.redis", "single");

    private static final String BROKERS = System.getProperty("e2e.brokers", "1");

    /** The services are executables ({@code -De2e.native}): those in this folder, or those built last. */
    private static final String NATIVE = System.getProperty("e2e.native");

    private static final Duration START_LIMIT = Duration.ofMinutes(IN_CONTAINERS ? 20 : 5);
    private static final Duration PART_LIMIT = Duration.ofMinutes(2);

    private final Path repository = repository();
    private final Path directory = directory();
    private final Infra infra = new Infra(repository, directory);
    private final Thread downAtExit = new Thread(this::down, "stack-down");
    private Secrets secrets;
    private List<Instance> instances;
    private RedisProbe redis;
    private KeycloakAdmin keycloak;

    private Stack() {}

    static Stack start() {
        Stack stack = new Stack();
        stack.up();
        return stack;
    }

    /** The one address that browsers know. */
    public String base() {
        return Site.origin(PORT);
    }

    public String keycloakOrigin() {
        return Site.origin(PORT + 100);
    }

    /** The commands of {@code infra} for this stack. What breaks a part has a method here, which mends it again. */
    public Infra infra() {
        return infra;
    }

    /** Every instance of every service, in the order of {@code infra/status}. */
    public List<Instance> instances() {
        return instances;
    }

    public List<Instance> instances(String service) {
        return instances.stream().filter(i -> i.service().equals(service)).toList();
    }

    public Secrets secrets() {
        return secrets;
    }

    public RedisProbe redis() {
        return redis;
    }

    public KeycloakAdmin keycloak() {
        return keycloak;
    }

    /** Of the server that leads now. */
    public int redisPort() {
        return redis.leader().getPort();
    }

    /** A part that leads now. */
    public String leaderOfRedis() {
        return ofRole("master");
    }

    /** A part that follows one which leads. */
    public String replicaOfRedis() {
        return ofRole("replica");
    }

    private String ofRole(String role) {
        return status().stream()
                .filter(part -> part.path("role").asText().equals(role))
                .map(part -> part.path("name").asText())
                .findFirst()
                .orElseThrow();
    }

    /** For tests of what one server does, or of settings that name one: with another {@code -De2e.redis} they are skipped. */
    public void requireOneRedis() {
        assumeTrue(REDIS.equals("single"), "this is about one Redis server");
    }

    public int kafkaPort() {
        return PORT + 320;
    }

    /** Where services ask Keycloak. */
    public int keycloakPort() {
        return PORT + 101;
    }

    public Path logs() {
        return directory.resolve("logs");
    }

    /** Where Kafka keeps its topics. */
    public Path events() {
        return Path.of(run(PART_LIMIT, "part", "data", parts("kafka").get(0)).trim());
    }

    /** The parts of that name: of several servers of Redis, {@code redis-1} and so on. */
    public List<String> parts(String name) {
        return status().stream()
                .map(part -> part.path("name").asText())
                .filter(part -> part.equals(name) || part.matches(name + "-\\d+"))
                .toList();
    }

    /** Takes a part, or all of several that do the same, away until the outage is closed. */
    public Outage without(String part) {
        return away("stop", part, "start");
    }

    /** Kills a part as a crash would, until the outage is closed. */
    public Outage killed(String part) {
        return away("kill", part, "start");
    }

    /** Makes a part hang, its sockets open, until the outage is closed. */
    public Outage paused(String part) {
        return away("pause", part, "resume");
    }

    private Outage away(String verb, String name, String opposite) {
        List<String> parts = parts(name);
        together(verb, parts);
        return () -> together(opposite, parts);
    }

    /**
     * Restarts the instances of a service, or of {@code services}, or one instance, or {@code nginx}, with further settings, until
     * closed. A container keeps the settings it was made with: there the test is skipped.
     *
     * @param settings environment variables and values, as {@code NAME=value}
     */
    public Outage withSettings(String of, String... settings) {
        assumeFalse(IN_CONTAINERS, "containers keep their settings");
        Path file = directory.resolve("env").resolve(of + ".env");
        List<String> restarted = Stream.concat(instances.stream().map(Instance::name), Stream.of("nginx"))
                .filter(name -> of.equals("services") || name.equals(of) || name.startsWith(of + "-"))
                .toList();
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, List.of(settings));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        together("restart", restarted);
        return () -> {
            file.toFile().delete();
            together("restart", restarted);
        };
    }

    /** Together: infra/part stops one at a time, and an instance that starts keeps no other from it. */
    private void together(String verb, List<String> names) {
        CompletableFuture.allOf(names.stream()
                        .map(name -> CompletableFuture.runAsync(
                                () -> part(verb, name), task -> new Thread(task, verb + "-" + name).start()))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    /** What a visitor from this machine is seen to come from, truncated; containers see Docker's gateway. A regular expression. */
    public String networkOfVisitors() {
        return IN_CONTAINERS ? "(10|172|192)\\.\\d+\\.\\d+\\.0/24|[0-9a-f:]+::/48" : "127\\.0\\.0\\.0/24|::/48";
    }

    /** What nginx and its workers hold in memory, in kilobytes; a stack of processes only. */
    public long memoryOfNginx() {
        long pid = status().stream()
                .filter(part -> part.path("name").asText().equals("nginx"))
                .findFirst()
                .orElseThrow()
                .path("pid")
                .asLong();
        return ProcessHandle.of(pid).stream()
                .flatMap(master -> Stream.concat(Stream.of(master), master.children()))
                .mapToLong(process -> memory(process.pid()))
                .sum();
    }

    /** How long each part has had a processor since it started, by its name; a stack of processes only. */
    public Map<String, Duration> processorTimes() {
        return status().stream()
                .filter(part -> part.path("pid").asLong() > 0)
                .collect(Collectors.toMap(
                        part -> part.path("name").asText(),
                        part -> ProcessHandle.of(part.path("pid").asLong()).stream()
                                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                                .map(process ->
                                        process.info().totalCpuDuration().orElse(Duration.ZERO))
                                .reduce(Duration.ZERO, Duration::plus),
                        Duration::plus,
                        TreeMap::new));
    }

    private static long memory(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where nginx serves machines of ours, not browsers: any instance of any service. */
    public String internal() {
        return "http://127.0.0.1:" + (PORT + 103);
    }

    /** Of the ports that belong to this stack, one that no part of it uses. */
    public int freePort(int number) {
        return PORT + 500 + number;
    }

    /** A part is away; closing brings it back and waits until it is ready. */
    @FunctionalInterface
    public interface Outage extends AutoCloseable {
        @Override
        void close();
    }

    private void up() {
        Runtime.getRuntime().addShutdownHook(downAtExit);
        if (!(KEEP && Files.exists(directory) && allRunning())) {
            down();
            forgetTheLastRun();
            if (!IN_CONTAINERS && NATIVE == null) {
                requireJars();
            }
            List<String> options =
                    new ArrayList<>(List.of("--detach", "--instances", "2", "--port", Integer.toString(PORT)));
            options.add(IN_CONTAINERS ? "--compose" : "--skip-build");
            if (!IN_CONTAINERS) {
                options.addAll(List.of("--redis", REDIS, "--brokers", BROKERS));
            }
            if (Site.TLS) {
                options.add("--tls");
            }
            if (NATIVE != null) {
                options.add("--native");
            }
            if (NATIVE != null && NATIVE.startsWith("/")) {
                options.add(NATIVE);
            }
            run(START_LIMIT, "up", options.toArray(String[]::new));
        }
        secrets = Secrets.read(directory.resolve("secrets.env"));
        instances = readInstances();
        redis = RedisProbe.of(REDIS, PORT + 310, secrets.redisTestsPassword());
        keycloak = new KeycloakAdmin(keycloakOrigin(), "http://127.0.0.1:" + (PORT + 101), secrets);
    }

    @Override
    public void close() {
        if (redis != null) {
            redis.close();
        }
        Runtime.getRuntime().removeShutdownHook(downAtExit);
        if (!KEEP) {
            down();
        }
    }

    private void down() {
        if (Files.exists(directory) && IN_CONTAINERS) {
            // Containers keep their data in volumes: what is checked afterwards is about this run.
            run(PART_LIMIT, "down", "--purge");
        } else if (Files.exists(directory)) {
            run(PART_LIMIT, "down");
        }
    }

    private void part(String verb, String name) {
        run(PART_LIMIT, "part", verb, name);
    }

    private boolean allRunning() {
        List<JsonNode> parts = status();
        int servers = Map.of("single", 1, "sentinel", 3, "cluster", 6).get(REDIS);
        return parts.size() >= 8
                && parts("redis").size() == servers
                && parts("kafka").size() == Integer.parseInt(BROKERS)
                && parts.stream().allMatch(part -> part.path("state").asText().matches("(?i)running|ready|up"));
    }

    private List<Instance> readInstances() {
        List<Instance> found = status().stream()
                .filter(part -> part.path("name").asText().matches("(users|projects)-\\d+"))
                .map(part -> new Instance(
                        part.path("name").asText(),
                        part.path("port").asInt(),
                        part.path("upstream").asText()))
                .toList();
        if (found.size() != 4) {
            throw new IllegalStateException("Expected two instances of two services, found " + found);
        }
        return found;
    }

    /** The parts that {@code infra/status --json} lists. */
    private List<JsonNode> status() {
        try {
            List<JsonNode> parts = new ArrayList<>();
            JsonNode answer = new ObjectMapper().readTree(run(PART_LIMIT, "status", "--json"));
            answer.forEach(parts::add);
            return parts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return what the command printed */
    private String run(Duration limit, String command, String... arguments) {
        Infra.Outcome outcome = infra.run(limit, command, arguments);
        if (outcome.exit() != 0 && !command.equals("down") && !command.equals("status")) {
            throw new IllegalStateException(outcome.toString());
        }
        return outcome.output();
    }

    private void requireJars() {
        for (String service : List.of("users-service", "projects-service")) {
            Path jar = repository.resolve(service).resolve("target/quarkus-app/quarkus-run.jar");
            if (!Files.exists(jar)) {
                throw new IllegalStateException("The end-to-end tests run what has been built, and " + jar
                        + " is not there. Run `mvn verify` in " + repository + ", or infra/test.");
            }
        }
    }

    /** What is checked afterwards is about this run. Keycloak's and Kafka's data stay: a second start is much faster. */
    private void forgetTheLastRun() {
        LogScan.logs(logs()).forEach(log -> log.toFile().delete());
        deleteAll(directory.resolve("data/redis"));
        deleteAll(directory.resolve("data/" + REDIS + "-" + PORT));
    }

    private static void deleteAll(Path folder) {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static Path directory() {
        // One for each kind: the folder of a stack in containers knows the volumes that it has to remove.
        Path usual = repository().resolve(IN_CONTAINERS ? ".stack-e2e-compose" : ".stack-e2e");
        return Path.of(System.getProperty("e2e.stack", usual.toString())).toAbsolutePath();
    }

    public static Path repository() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isRegularFile(here.resolve("infra/e2e/pom.xml"))) {
            here = here.getParent();
            if (here == null) {
                throw new IllegalStateException(
                        "Not inside the repository: " + Path.of("").toAbsolutePath());
            }
        }
        return here;
    }
}
