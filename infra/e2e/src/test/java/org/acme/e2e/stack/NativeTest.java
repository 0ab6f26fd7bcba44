package org.acme.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.acme.e2e.stack.Bash.Said;
import org.acme.e2e.stack.Infra.Outcome;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Native executables, as far as infra's commands can be asked without any. */
class NativeTest {

    @TempDir
    private Path folder;

    @Test
    @DisplayName("Without native-image and Docker one line says what is missing")
    void missing() throws Exception {
        Said said = bash("native_compiler", Map.of());
        assertThat(said.exit()).isEqualTo(1);
        assertThat(said.words().lines())
                .singleElement()
                .asString()
                .contains("native-image", "GRAALVM_HOME", "Docker", "--native DIR");
    }

    @Test
    @DisplayName("native-image is taken from GRAALVM_HOME or the path, and Docker only without it")
    void compilers() throws Exception {
        executable("graalvm/bin/native-image", "exit 0");
        executable("commands/docker", "exit 0");
        Said docker = bash(
                "native_compiler", Map.of("PATH", folder.resolve("commands").toString()));
        assertThat(docker).isEqualTo(new Said(0, "-Dquarkus.native.container-build=true\n"));
        Said home = bash(
                "native_compiler",
                Map.of("GRAALVM_HOME", folder.resolve("graalvm").toString()));
        assertThat(home).isEqualTo(new Said(0, ""));
        Said path = bash(
                "native_compiler", Map.of("PATH", folder.resolve("graalvm/bin").toString()));
        assertThat(path).isEqualTo(new Said(0, ""));
    }

    @Test
    @DisplayName("A Docker that does not run is none")
    void dockerIsNotRunning() throws Exception {
        executable("commands/docker", "exit 1");
        assertThat(bash(
                                "native_compiler",
                                Map.of("PATH", folder.resolve("commands").toString()))
                        .exit())
                .isEqualTo(1);
    }

    @Test
    @DisplayName("An executable gets those of the JVM's options that it knows")
    void options() throws Exception {
        assertThat(bash(
                        "native_options -Xms64m -Xmx256m -XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError -XX:+UseSerialGC"
                                + " -javaagent:x.jar -Dquarkus.log.level=DEBUG -XX:-UsePerfData; printf '%s ' \"${NATIVE_OPTIONS[@]}\"",
                        Map.of()))
                .isEqualTo(
                        new Said(
                                0,
                                "-Xms64m -Xmx256m -XX:MaximumHeapSizePercent=50 -XX:+ExitOnOutOfMemoryError -Dquarkus.log.level=DEBUG "));
    }

    @Test
    @DisplayName("infra/up --native DIR wants one executable of each service there, and starts nothing without")
    void noExecutables() throws IOException {
        Path stack = folder.resolve("stack");
        Files.createDirectory(folder.resolve("elsewhere"));
        Outcome up = Infra.second(stack)
                .run(
                        Duration.ofMinutes(1),
                        "up",
                        "--detach",
                        "--native",
                        folder.resolve("elsewhere").toString(),
                        "--port",
                        Integer.toString(Infra.secondPort()));
        assertThat(up.exit()).as("%s", up).isEqualTo(1);
        assertThat(up.errors()).contains("has 0 executables called users-service...-runner");
        assertThat(stack.resolve("run")).doesNotExist();
    }

    private void executable(String name, String script) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/bash\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Runs a line with the functions of infra/lib, on a machine that has nothing but what the environment says. */
    private Said bash(String line, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder bash = new ProcessBuilder(
                "/bin/bash",
                "-euo",
                "pipefail",
                "-c",
                "path=$PATH; PATH=/usr/bin:/bin; for file in common install native; do source %s/$file.sh; done; PATH=$path; hash -r; %s"
                        .formatted(Stack.repository().resolve("infra/lib"), line));
        bash.environment().keySet().removeAll(List.of("GRAALVM_HOME", "JAVA_HOME"));
        bash.environment().put("PATH", folder.resolve("nothing").toString());
        bash.environment().put("SSO_STACK_DIR", folder.toString());
        bash.environment().putAll(environment);
        return Said.by(bash);
    }
}
