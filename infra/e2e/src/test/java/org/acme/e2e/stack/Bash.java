package org.acme.e2e.stack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The functions of {@code infra/lib}, with a folder of their own for a stack.
 *
 * @param stack that folder, {@code SSO_STACK_DIR}
 */
record Bash(Path stack) {

    /**
     * How a script ended.
     *
     * @param words what it printed, errors included
     */
    record Said(int exit, String words) {

        static Said by(ProcessBuilder command) throws IOException, InterruptedException {
            Process process = command.redirectErrorStream(true).start();
            String words = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Said(process.waitFor(), words);
        }
    }

    /** Runs a script that finds the functions of these files of {@code infra/lib}. */
    Said run(String script, String... files) throws IOException, InterruptedException {
        String sources = Arrays.stream(files)
                .map(file -> "source %s/%s.sh\n".formatted(Stack.repository().resolve("infra/lib"), file))
                .collect(Collectors.joining());
        ProcessBuilder bash = new ProcessBuilder("bash", "-euo", "pipefail", "-c", sources + script, "infra");
        bash.environment().put("SSO_STACK_DIR", stack.toString());
        return Said.by(bash);
    }
}
