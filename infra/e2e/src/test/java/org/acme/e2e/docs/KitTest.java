package org.acme.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the conformance kit does without a stack. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class KitTest {

    @TempDir
    Path folder;

    @BeforeEach
    void nodeIsThere() throws Exception {
        assumeTrue(run(folder, "bash", "-c", "command -v node").exit() == 0, "the kit needs node");
    }

    @Test
    @DisplayName("The kit signs in by the form of an adapter")
    void itsOwnTests() throws Exception {
        assertThat(run(Repository.ROOT, "node", "--test", "infra/conformance/test/"))
                .satisfies(done -> assertThat(done.exit()).as(done.output()).isZero());
    }

    @Test
    @DisplayName("A package of the kit runs outside the checkout, and takes the contract along")
    void aPackageOfTheKit() throws Exception {
        Path file = folder.resolve("kit.tgz");
        Outcome packed = run(Repository.ROOT, "infra/conform", "--pack", file.toString());
        assertThat(packed.exit()).as(packed.output()).isZero();
        assertThat(run(folder, "tar", "-xzf", file.toString()).exit()).isZero();

        Path unpacked = folder.resolve("package");
        assertThat(unpacked.resolve("docs/session-contract.md")).exists();
        Outcome help = run(unpacked, "node", "infra/conformance/main.js", "--help");
        assertThat(help.exit()).as(help.output()).isZero();
        assertThat(help.output()).contains("CONFORM_REDIS_URL");
        // Everything that it reads is there: it gets as far as the settings that it lacks.
        Outcome lacking =
                run(unpacked, "node", "infra/conformance/main.js", "--member", "m.json", "http://localhost:1");
        assertThat(lacking.exit()).as(lacking.output()).isEqualTo(2);
        assertThat(lacking.output()).contains("CONFORM_REDIS_URL is not set");
    }

    private record Outcome(int exit, String output) {}

    private static Outcome run(Path folder, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("CONFORM_") || name.startsWith("NODE_"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes());
        return new Outcome(process.waitFor(), output);
    }
}
