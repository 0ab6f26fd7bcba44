package org.acme.e2e.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The commands of {@code infra}, as people type them, for the stack in one folder. */
public final class Infra {

    private static final int FREE_PORTS_AWAY = 1000;
    private static final int LONGEST_NAME = 100;

    private final Path repository;
    private final Path directory;
    private final Map<String, String> environment;

    Infra(Path repository, Path directory) {
        this(repository, directory, Map.of());
    }

    private Infra(Path repository, Path directory, Map<String, String> environment) {
        this.repository = repository;
        this.directory = directory;
        this.environment = environment;
    }

    /** The same commands with this in their environment. */
    public Infra with(String name, String value) {
        return new Infra(repository, directory, Map.of(name, value));
    }

    /** For a second stack, beside the one that the other tests share; give it {@link #secondPort()}. */
    public static Infra second(Path directory) {
        return new Infra(Stack.repository(), directory.toAbsolutePath());
    }

    /** The same commands of another clone of the repository. */
    public static Infra of(Path clone, Path directory) {
        return new Infra(clone.toAbsolutePath(), directory.toAbsolutePath());
    }

    public static int secondPort() {
        return Stack.PORT + FREE_PORTS_AWAY;
    }

    /**
     * What a command answered.
     *
     * @param output standard output
     * @param errors standard error
     */
    public record Outcome(String line, int exit, String output, String errors) {

        @Override
        public String toString() {
            return line + " ended with " + exit + ":\n" + output + errors;
        }
    }

    /** Runs a command to its end; what it prints is kept in {@code target/stack}, too. */
    public Outcome run(Duration limit, String command, String... arguments) {
        try {
            Started started = start(command, arguments);
            if (!started.process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
                started.process.destroy();
                throw new IllegalStateException(started.line + " took more than " + limit + "; see " + started.output);
            }
            return started.outcome();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Starts a command that stays. */
    public Started start(String command, String... arguments) {
        try {
            String name = Stream.concat(Stream.of(command), Stream.of(arguments).filter(a -> !a.startsWith("-")))
                    .collect(Collectors.joining("-"))
                    .replace('/', '_');
            name = name.substring(0, Math.min(name.length(), LONGEST_NAME));
            Path output = Files.createDirectories(Path.of("target", "stack")).resolve(name + ".log");
            Path errors = output.resolveSibling(name + ".log.err");
            List<String> line = new ArrayList<>();
            line.add(repository.resolve("infra").resolve(command).toString());
            line.addAll(List.of(arguments));
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(repository.toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            builder.environment().put("SSO_STACK_DIR", directory.toString());
            // The services get them: crowds of one name sign in here, and a guest begins sessions.
            builder.environment().put("SSO_SESSION_MAX_PER_USER", "1000");
            builder.environment().put("SSO_GUESTS_ADOPT", "true");
            builder.environment().putAll(environment);
            return new Started(String.join(" ", line), builder.start(), output, errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A command that runs, and the files that it prints to. */
    public record Started(String line, Process process, Path output, Path errors) {

        /** What it has said so far, and how it ended; it must have ended. */
        public Outcome outcome() {
            return new Outcome(line, process.exitValue(), said(), read(errors));
        }

        public String said() {
            return read(output);
        }

        private static String read(Path file) {
            try {
                return Files.readString(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
