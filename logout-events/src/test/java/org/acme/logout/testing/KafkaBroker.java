package org.acme.logout.testing;

import io.quarkus.bootstrap.resolver.maven.BootstrapMavenException;
import io.quarkus.bootstrap.resolver.maven.MavenArtifactResolver;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.eclipse.aether.artifact.DefaultArtifact;
import org.eclipse.aether.collection.CollectRequest;
import org.eclipse.aether.graph.Dependency;
import org.eclipse.aether.resolution.ArtifactResult;
import org.eclipse.aether.resolution.DependencyRequest;
import org.eclipse.aether.resolution.DependencyResolutionException;

/**
 * A real Kafka for the tests of one module: one KRaft node from Maven Central in a process of its own, on free loopback
 * ports. Also usable without Quarkus: {@link #prepare()}, {@link #launch()}, {@link #kill()}, {@link #stop()}.
 */
public final class KafkaBroker implements QuarkusTestResourceLifecycleManager {

    public static final String TOPIC = "session-events";

    /** Where the version of the stack's broker stands: the tests run on the same one. */
    private static final String PARTS = "infra/parts/pom.xml";

    private static final Pattern VERSION = Pattern.compile("<kafka\\.version>([^<]+)</kafka\\.version>");
    private static final int START_LIMIT_SECONDS = 40;

    private final int node;
    private final List<String> more;
    private boolean launchAtStart = true;
    private Process process;
    private Path directory;
    private String classPath;
    private int port;
    private int controllerPort;

    public KafkaBroker() {
        this(1, List.of());
    }

    /** @param more of its settings */
    private KafkaBroker(int node, List<String> more) {
        this.node = node;
        this.more = more;
    }

    /** Three brokers of one cluster, each a controller too, with the settings as shipped. All run. */
    public static List<KafkaBroker> three() {
        List<String> more = settingsOfThree();
        List<KafkaBroker> brokers = IntStream.rangeClosed(1, 3)
                .mapToObj(node -> new KafkaBroker(node, more))
                .toList();
        try {
            for (KafkaBroker broker : brokers) {
                broker.port = freePort();
                broker.controllerPort = freePort();
            }
            String voters = brokers.stream().map(KafkaBroker::voter).collect(Collectors.joining(","));
            for (KafkaBroker broker : brokers) {
                broker.format(voters);
                broker.run("kafka.Kafka", broker.settings());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        brokers.forEach(KafkaBroker::awaitAnswer);
        return brokers;
    }

    /** {@code launch=false}: the application starts with Kafka unavailable, and its test brings it. */
    @Override
    public void init(Map<String, String> arguments) {
        launchAtStart = !"false".equals(arguments.get("launch"));
    }

    @Override
    public void inject(TestInjector test) {
        test.injectIntoFields(this, field -> field.getType() == KafkaBroker.class);
    }

    @Override
    public Map<String, String> start() {
        prepare();
        if (launchAtStart) {
            launch();
            createTopic(TOPIC);
        }
        return Map.of("kafka.bootstrap.servers", bootstrapServers());
    }

    /** Fixes ports and an empty log directory, and starts nothing yet. */
    public void prepare() {
        try {
            port = freePort();
            controllerPort = freePort();
            format(voter());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String voter() {
        return node + "@127.0.0.1:" + controllerPort;
    }

    private void format(String voters) throws IOException {
        try {
            classPath = classPath();
            directory = Files.createTempDirectory("kafka-test");
            Files.writeString(
                    directory.resolve("server.properties"),
                    """
                    process.roles=broker,controller
                    node.id=%4$d
                    controller.quorum.voters=%5$s
                    controller.listener.names=CONTROLLER
                    listeners=PLAINTEXT://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                    listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
                    log.dirs=%3$s
                    auto.create.topics.enable=false
                    # A killed broker may come back at once, instead of after its old self is declared dead.
                    broker.session.timeout.ms=1000
                    broker.heartbeat.interval.ms=200
                    offsets.topic.replication.factor=1
                    offsets.topic.num.partitions=1
                    share.coordinator.state.topic.replication.factor=1
                    transaction.state.log.replication.factor=1
                    %6$s
                    """
                            .formatted(
                                    port,
                                    controllerPort,
                                    directory.resolve("data"),
                                    node,
                                    voters,
                                    String.join("\n", more)));
            run("kafka.tools.StorageTool", "format", "-t", "AAAAAAAAAAAAAAAAAAAAAQ", "-c", settings());
            if (!process.waitFor(START_LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("Kafka's storage could not be formatted: " + log());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts the broker, or starts it again with what it had stored, and waits until it answers. */
    public void launch() {
        try {
            run("kafka.Kafka", settings());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        awaitAnswer();
    }

    private void awaitAnswer() {
        try (Admin admin = admin()) {
            admin.describeCluster().nodes().get(START_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Kafka did not start: " + log(), e);
        }
    }

    /** As other brokers call it. */
    public int node() {
        return node;
    }

    public boolean isRunning() {
        return process != null && process.isAlive();
    }

    public void createTopic(String name) {
        createTopic(name, 1);
    }

    public void createTopic(String name, int replicas) {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic(name, Optional.of(1), Optional.of((short) replicas))))
                    .all()
                    .get(START_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends the process as a crash would. */
    public void kill() {
        process.destroyForcibly();
        waitForEnd();
    }

    /** Ends the process as an operator would: what it has stored is taken as it is at the next {@link #launch()}. */
    public void shutDown() {
        process.destroy();
        waitForEnd();
    }

    /** Where a topic's one partition is stored. */
    public Path partition(String topic) {
        return directory.resolve("data").resolve(topic + "-0");
    }

    /** Stops the process in the middle of what it does: its connections stay open and nothing answers. */
    public void pause() {
        signal("-STOP");
    }

    public void resume() {
        signal("-CONT");
    }

    @Override
    public void stop() {
        if (process != null) {
            kill();
        }
        if (directory != null) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public Admin admin() {
        return Admin.create(Map.of(
                "bootstrap.servers",
                bootstrapServers(),
                "reconnect.backoff.max.ms",
                200,
                "retry.backoff.max.ms",
                200,
                "default.api.timeout.ms",
                START_LIMIT_SECONDS * 1000));
    }

    private void run(String mainClass, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                mainClass));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("kafka.log").toFile()))
                .start();
    }

    private void signal(String signal) {
        try {
            int code = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill " + signal + " answered " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void waitForEnd() {
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String settings() {
        return directory.resolve("server.properties").toString();
    }

    private String log() {
        try {
            return Files.readString(directory.resolve("kafka.log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Maven's own repository answers; the broker's jars never come onto the class path of the test. */
    private static String classPath() {
        CollectRequest broker = new CollectRequest();
        String version = version();
        Stream.of("kafka_2.13:" + version, "kafka-tools:" + version)
                .map(name -> new Dependency(new DefaultArtifact("org.apache.kafka:" + name), "runtime"))
                .forEach(broker::addDependency);
        broker.addDependency(new Dependency(new DefaultArtifact("org.slf4j:slf4j-simple:1.7.36"), "runtime"));
        try {
            MavenArtifactResolver maven =
                    MavenArtifactResolver.builder().setWorkspaceDiscovery(false).build();
            broker.setRepositories(maven.getRepositories());
            return maven
                    .getSystem()
                    .resolveDependencies(maven.getSession(), new DependencyRequest(broker, null))
                    .getArtifactResults()
                    .stream()
                    .map(ArtifactResult::getArtifact)
                    .map(artifact -> artifact.getFile().toString())
                    .collect(Collectors.joining(File.pathSeparator));
        } catch (BootstrapMavenException | DependencyResolutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> settingsOfThree() {
        try {
            return Files.readAllLines(repository().resolve("infra/kafka/three-brokers.properties"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path repository() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !Files.isRegularFile(folder.resolve(PARTS))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException(
                    "No " + PARTS + " above " + Path.of("").toAbsolutePath());
        }
        return folder;
    }

    private static String version() {
        try {
            Matcher version = VERSION.matcher(Files.readString(repository().resolve(PARTS)));
            if (!version.find()) {
                throw new IllegalStateException(PARTS + " names no kafka.version");
            }
            return version.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
