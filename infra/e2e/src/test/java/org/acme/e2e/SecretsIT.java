package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.acme.e2e.stack.Infra;
import org.acme.e2e.stack.Infra.Outcome;
import org.acme.e2e.stack.Secrets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A second stack, each of whose commands writes down its arguments before it does its work: any user of a machine reads them,
 * as long as the process runs.
 */
@Order(0)
@Tag("commands")
class SecretsIT {

    private static final Path STACK = Path.of("target", "secrets-stack");
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @TempDir
    Path folder;

    private Path written;
    private Infra infra;

    @BeforeEach
    void commandsThatTell() throws IOException {
        Infra.second(STACK).run(LIMIT, "down", "--purge");
        Path commands = Files.createDirectory(folder.resolve("commands"));
        written = Files.createFile(folder.resolve("arguments"));
        for (Path command : allCommands()) {
            Path teller = commands.resolve(command.getFileName());
            Files.writeString(
                    teller,
                    "#!/bin/bash\nprintf '%%s\\n' \"%s $*\" >>'%s'\nexec '%s' \"$@\"\n"
                            .formatted(command.getFileName(), written, command));
            Files.setPosixFilePermissions(teller, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        infra = Infra.second(STACK).with("PATH", commands + ":" + System.getenv("PATH"));
    }

    /** The first of a name on the path, as a shell finds it; what shows names of its own by links is left alone. */
    private static List<Path> allCommands() throws IOException {
        Map<String, Path> found = new TreeMap<>();
        for (String directory : (System.getenv("PATH") + ":/usr/sbin").split(":")) {
            if (Files.isDirectory(Path.of(directory))) {
                try (Stream<Path> files = Files.list(Path.of(directory))) {
                    files.filter(Files::isExecutable)
                            .filter(file -> !file.getFileName().toString().matches("bash|sh|dash|mvn|.*'.*"))
                            .forEach(
                                    file -> found.putIfAbsent(file.getFileName().toString(), file));
                }
            }
        }
        return List.copyOf(found.values());
    }

    @AfterEach
    void down() {
        assertThat(Infra.second(STACK).run(LIMIT, "down", "--purge").exit()).isZero();
    }

    @Test
    @DisplayName("L11 F42 no secret is an argument of any command, from the first start to a restart of each part")
    void noSecretIsAnArgument() throws IOException {
        succeeds("up", "--detach", "--skip-build", "--instances", "1", "--port", Integer.toString(Infra.secondPort()));
        for (String part : List.of("users-1", "projects-1", "redis", "kafka", "keycloak", "nginx")) {
            succeeds("part", "restart", part);
        }
        Map<String, String> secrets =
                Secrets.of(STACK.resolve("secrets.env").toAbsolutePath()).all();
        String arguments = Files.readString(written) + running();

        assertThat(secrets)
                .containsKeys("SSO_COOKIE_SECRETS", "KEYCLOAK_ADMIN_PASSWORD", "REDIS_USERS_SERVICE_PASSWORD");
        assertThat(arguments).contains("setsid java", "curl ", "redis-server ");
        assertThat(secrets).allSatisfy((name, value) -> assertThat(arguments.contains(value))
                .as("%s stands in an argument list", name)
                .isFalse());
    }

    /** What runs now, the commands' own children included. */
    private static String running() throws IOException {
        try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
            return processes
                    .filter(process -> process.getFileName().toString().matches("\\d+"))
                    .map(SecretsIT::arguments)
                    .collect(Collectors.joining("\n"));
        }
    }

    private static String arguments(Path process) {
        try {
            return Files.readString(process.resolve("cmdline"), java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }

    private void succeeds(String command, String... arguments) {
        Outcome outcome = infra.run(LIMIT, command, arguments);
        assertThat(outcome.exit()).as("%s", outcome).isZero();
    }
}
