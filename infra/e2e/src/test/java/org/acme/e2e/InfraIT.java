package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.acme.e2e.stack.Infra;
import org.acme.e2e.stack.Infra.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What infra's own commands promise: on a second stack of its own, which has the parts only and so starts quickly. */
@Order(0)
@Tag("commands")
class InfraIT {

    private static final Path FOLDER = Path.of("target", "second-stack");
    private static final int PORT = Infra.secondPort();
    private static final String[] UP = {"--detach", "--only", "parts", "--port", Integer.toString(PORT)};

    private final Infra infra = Infra.second(FOLDER);

    @BeforeEach
    void clean() throws IOException {
        down();
    }

    @AfterEach
    void down() throws IOException {
        if (Files.exists(FOLDER)) {
            assertThat(run("down").exit()).isZero();
        }
    }

    @Test
    @DisplayName("infra/up on a taken port is an error that names its holder, and starts nothing")
    void takenPort() throws IOException {
        int redis = PORT + 310;
        try (ServerSocket taken = new ServerSocket(redis, 1, InetAddress.getLoopbackAddress())) {
            Outcome up = run("up", UP);

            assertThat(up.exit()).as("%s", up).isEqualTo(1);
            assertThat(up.errors())
                    .contains("port " + taken.getLocalPort() + " is taken by")
                    .contains("pid " + ProcessHandle.current().pid());
            assertThat(parts()).isEmpty();
        }
    }

    @Test
    @DisplayName(
            "infra/up, again, and after a part was killed; infra/status --json; infra/down leaves no process behind")
    void fromUpToDown() throws IOException {
        Outcome up = run("up", UP);
        assertThat(up.exit()).as("%s", up).isZero();
        Map<String, Long> first = parts();

        Outcome again = run("up", UP);
        assertThat(again.exit()).as("%s", again).isZero();
        assertThat(again.output()).startsWith("Already running");
        Outcome withServices = run("up", "--detach", "--skip-build");
        assertThat(withServices.exit()).as("%s", withServices).isEqualTo(1);
        assertThat(withServices.errors()).contains("only the parts").contains("infra/down first");
        assertThat(parts()).as("nothing was touched").isEqualTo(first);

        ProcessHandle.of(first.get("kafka")).orElseThrow().destroyForcibly();
        Outcome cleaned = run("up", UP);
        assertThat(cleaned.exit()).as("%s", cleaned).isZero();
        assertThat(cleaned.output()).contains("not whole; cleaning up");
        Map<String, Long> second = parts();
        assertThat(second.values()).as("all made anew").doesNotContainAnyElementsOf(first.values());
        assertThat(withChildren(first.values().stream().toList())).isEmpty();

        List<Long> running = withChildren(second.values().stream().toList());
        assertThat(running).as("nginx has workers").hasSizeGreaterThan(second.size());
        Outcome down = run("down");
        assertThat(down.exit()).as("%s", down).isZero();
        assertThat(running).noneMatch(InfraIT::runs);
        assertThat(parts()).isEmpty();
    }

    @Test
    @DisplayName("Ctrl-C ends an infra/up that stays, and everything that it has started")
    void interrupted() throws IOException, InterruptedException {
        Infra.Started up = infra.start("up", "--only", "parts", "--port", Integer.toString(PORT));
        await().atMost(Duration.ofMinutes(2))
                .until(() -> up.said().contains("Ctrl-C stops all of it")
                        || !up.process().isAlive());
        List<Long> running = withChildren(parts().values().stream().toList());

        new ProcessBuilder("kill", "-INT", Long.toString(up.process().pid()))
                .start()
                .waitFor();

        assertThat(up.process().waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(up.outcome().exit()).as("%s", up.outcome()).isZero();
        assertThat(up.outcome().errors()).isEmpty();
        assertThat(running).isNotEmpty().noneMatch(InfraIT::runs);
        assertThat(parts()).isEmpty();
    }

    private Outcome run(String command, String... arguments) {
        return infra.run(Duration.ofMinutes(2), command, arguments);
    }

    /** The process ids by name, every promised field checked; empty when nothing was started. */
    private Map<String, Long> parts() throws JsonProcessingException {
        Outcome status = run("status", "--json");
        assertThat(status.exit()).as("%s", status).isZero();
        JsonNode parts = new ObjectMapper().readTree(status.output());
        assertThat(parts.isArray()).isTrue();
        Map<String, Long> pids = new TreeMap<>();
        for (JsonNode part : parts) {
            List<String> fields = new ArrayList<>();
            part.fieldNames().forEachRemaining(fields::add);
            assertThat(fields).containsExactly("name", "pid", "port", "url", "upstream", "state", "role");
            assertThat(part.get("state").asText()).isEqualTo("running");
            assertThat(part.get("port").asInt()).isBetween(PORT, PORT + 999);
            assertThat(part.get("url").asText()).endsWith(":" + part.get("port").asInt());
            assertThat(runs(part.get("pid").asLong())).isTrue();
            pids.put(part.get("name").asText(), part.get("pid").asLong());
        }
        if (!pids.isEmpty()) {
            assertThat(pids).containsOnlyKeys("redis", "kafka", "keycloak", "legacy", "nginx");
        }
        return pids;
    }

    /** Those of the processes that run, and what they have started. */
    private static List<Long> withChildren(List<Long> pids) {
        return pids.stream()
                .flatMap(pid -> Stream.concat(
                        Stream.of(pid),
                        ProcessHandle.of(pid).stream()
                                .flatMap(ProcessHandle::descendants)
                                .map(ProcessHandle::pid)))
                .filter(InfraIT::runs)
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    /** A process that has ended and that nobody has asked about yet (a zombie) does not run. */
    private static boolean runs(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
    }
}
