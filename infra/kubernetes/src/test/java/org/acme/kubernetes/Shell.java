package org.acme.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Commands that these tests run, and the folders they run them in. */
final class Shell {

    /** Maven runs tests in infra/kubernetes. */
    static final Path HERE = Path.of("").toAbsolutePath();

    static final Path REPOSITORY = HERE.resolve("../..").normalize();

    private Shell() {}

    /** @return standard output of a command that has to succeed */
    static String run(Path folder, Map<String, String> environment, String... line)
            throws IOException, InterruptedException {
        Path errors = Files.createTempFile("kubernetes-test", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(folder.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectError(errors.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor())
                    .as("%s: %s%s", List.of(line), output, Files.readString(errors))
                    .isZero();
            return output;
        } finally {
            Files.delete(errors);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
