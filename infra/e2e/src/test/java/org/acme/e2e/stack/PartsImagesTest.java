package org.acme.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.acme.e2e.stack.Bash.Said;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The images of nginx, Redis, Kafka and Keycloak, as far as they can be tried without Docker: what is copied into them. */
class PartsImagesTest {

    private static final Path REPOSITORY = Stack.repository();
    private static final Pattern COPY = Pattern.compile("COPY (?:--chmod=\\d+ )?(infra/.*) (/\\S+)");

    @TempDir
    private Path image;

    @TempDir
    private Path stack;

    @ParameterizedTest(name = "{0}")
    @DisplayName("An image brings all that its entry point reads until it has written the part's configuration")
    @CsvSource({
        "redis,    configure_redis '* -::*' no",
        "kafka,    KAFKA_ADMIN_PASSWORD=one KAFKA_TESTS_PASSWORD=two; configure_kafka 0.0.0.0 kafka; topic_arguments",
        "keycloak, prepare_realm \"$DATA_DIR\" ''",
        "nginx,    configure_nginx 127.0.0.1:1 127.0.0.1:2",
    })
    void isWhole(String part, String configure) throws Exception {
        for (String line : stage(part)) {
            copy(line);
        }
        // Its functions alone: the last line runs the part.
        String run = Files.readString(image.resolve("infra/docker/run"))
                .replace("\"run_$1\"\n", "")
                .replace("SSO_STACK_DIR=/stack", "SSO_STACK_DIR=" + stack)
                .replace("${BASH_SOURCE[0]}", image.resolve("infra/docker/run").toString());
        ProcessBuilder bash = new ProcessBuilder(
                "bash",
                "-euc",
                """
                for name in $(grep -ohE '[A-Z_]+_(PASSWORD|SECRET|SECRETS|KEYS)\\b' -r "$1"); do export "$name=${!name:-0123456789abcdef}"; done
                %s
                instance_addresses() { echo 127.0.0.1:9; }
                mkdir -p "$DATA_DIR"
                %s
                """
                        .formatted(run, configure),
                part,
                REPOSITORY.resolve("compose.yaml").toString());
        Said said = Said.by(bash);
        assertThat(said.exit()).as("%s", said).isZero();
        assertThat(said.words()).doesNotContain("No such file", "unbound", "not found");
        try (Stream<Path> written = Files.walk(stack)) {
            assertThat(written.filter(Files::isRegularFile)).isNotEmpty();
        }
    }

    /** @return the lines of its stage in Dockerfile.parts that copy something of this repository */
    private static List<String> stage(String part) throws IOException {
        String file = Files.readString(REPOSITORY.resolve("infra/docker/Dockerfile.parts"));
        Matcher stage = Pattern.compile("(?ms)^FROM \\S+ AS " + part + "$(.*?)(?=^FROM|\\z)")
                .matcher(file);
        assertThat(stage.find()).as("stage %s", part).isTrue();
        List<String> lines = stage.group(1)
                .lines()
                .filter(line -> COPY.matcher(line).matches())
                .collect(Collectors.toList());
        assertThat(lines).isNotEmpty();
        return lines;
    }

    private void copy(String line) throws IOException, InterruptedException {
        Matcher copy = COPY.matcher(line);
        assertThat(copy.matches()).isTrue();
        for (String from : copy.group(1).split(" ")) {
            Path source = REPOSITORY.resolve(from);
            String target = copy.group(2).endsWith("/") ? copy.group(2) + source.getFileName() : copy.group(2);
            Path to = image.resolve(target.substring(1));
            Files.createDirectories(to.getParent());
            Process process = new ProcessBuilder("cp", "-rT", source.toString(), to.toString())
                    .inheritIO()
                    .start();
            assertThat(process.waitFor()).isZero();
        }
    }
}
