package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Infra;
import org.acme.e2e.stack.Infra.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A cloner's first steps, in a clone: names of their own, a service of their own, and everything holds as before. */
@Order(0)
@Tag("long")
@Tag("commands")
class CloneIT {

    private static final Path REPOSITORY = Path.of("../..").toAbsolutePath().normalize();
    private static final Path CLONE = Path.of("target", "clone").toAbsolutePath();
    private static final Path STACK = CLONE.resolve(".stack");
    private static final int PORT = Infra.secondPort();

    private final Infra infra = Infra.of(CLONE, STACK);

    @BeforeEach
    void cloneOfWhatIsHere() throws IOException, InterruptedException {
        stackDown();
        deleteClone();
        for (String file : git(REPOSITORY, "ls-files", "--cached", "--others", "--exclude-standard")) {
            // Deleted and not yet committed, it is still listed.
            if (Files.exists(REPOSITORY.resolve(file))) {
                Path copy = CLONE.resolve(file);
                Files.createDirectories(copy.getParent());
                Files.copy(REPOSITORY.resolve(file), copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Files.createSymbolicLink(CLONE.resolve(".stack-cache"), REPOSITORY.resolve(".stack-cache"));
        git(CLONE, "init", "-q");
        Files.writeString(CLONE.resolve(".git/info/exclude"), ".stack-cache\n");
        commit("as cloned");
    }

    @AfterEach
    void stackDown() {
        if (Files.exists(STACK)) {
            assertThat(run("down").exit()).isZero();
        }
    }

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    @DisplayName(
            "infra/rename, infra/new-service and infra/up: the names are gone, the tests pass, the running stack gets the new service")
    void renamedWithAServiceOfItsOwn() throws IOException, InterruptedException {
        succeeds("rename", "com.example", "com.example.portal", "Example Portal");
        assertThat(git(CLONE, "ls-files", "*org/acme*")).isEmpty();
        assertThat(shell(CLONE, List.of(0, 1), "git", "grep", "-lE", "org[./]acme"))
                .isEmpty();
        commit("renamed");

        shell(CLONE, List.of(0), "mvn", "-B", "-ntp", "spotless:apply", "package", "-pl", "!infra/e2e");
        succeeds("up", "--detach", "--skip-build", "--instances", "1", "--port", Integer.toString(PORT));

        succeeds("new-service", "notes");
        Outcome again = run("new-service", "notes");
        assertThat(again.exit()).as("%s", again).isEqualTo(1);
        assertThat(again.errors()).contains("there is a service 'notes' already");
        succeeds("test", "notes-service");

        Outcome up = succeeds("up", "--detach", "--instances", "1", "--port", Integer.toString(PORT));
        assertThat(up.output())
                .contains("notes-1 ready", "users-1 ready", "http://localhost:" + PORT + "/notes/")
                .doesNotContain("kafka ready");
        assertThat(succeeds("up", "--detach").output()).startsWith("Already running, and up to date");

        Visitor visitor = new Visitor("http://localhost:" + PORT);
        Answer page = visitor.signIn("alice", "/notes/");
        assertThat(page.uri().getPath()).isEqualTo("/notes/");
        assertThat(page.body()).contains("Example Portal").containsIgnoringCase("alice");
        assertThat(visitor.get("/users/api/me", Visitor.SCRIPT).status()).isEqualTo(200);

        assertThat(visitor.signOff("notes").status()).isEqualTo(303);
        assertThat(visitor.get("/users/api/me", Visitor.SCRIPT).status()).isEqualTo(401);
        assertThat(visitor.get("/notes/api/greeting", Visitor.SCRIPT).status()).isEqualTo(401);
    }

    private Outcome succeeds(String command, String... arguments) {
        Outcome outcome = run(command, arguments);
        assertThat(outcome.exit()).as("%s", outcome).isZero();
        return outcome;
    }

    private Outcome run(String command, String... arguments) {
        return infra.run(Duration.ofMinutes(10), command, arguments);
    }

    private static void commit(String message) throws IOException, InterruptedException {
        git(CLONE, "add", "-A");
        git(CLONE, "-c", "user.name=cloner", "-c", "user.email=cloner@example.com", "commit", "-q", "-m", message);
    }

    private static List<String> git(Path folder, String... arguments) throws IOException, InterruptedException {
        return shell(
                folder,
                List.of(0),
                Stream.concat(Stream.of("git"), Stream.of(arguments)).toArray(String[]::new));
    }

    /** Runs a command; its output, line by line. */
    private static List<String> shell(Path folder, List<Integer> good, String... line)
            throws IOException, InterruptedException {
        Path output = Files.createDirectories(Path.of("target", "stack")).resolve("clone-" + line[0] + ".log");
        Process process = new ProcessBuilder(line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        int exit = process.waitFor();
        assertThat(good)
                .as("%s: see %s", List.of(line), output.toAbsolutePath())
                .contains(exit);
        return Files.readAllLines(output);
    }

    private static void deleteClone() throws IOException {
        if (!Files.exists(CLONE)) {
            return;
        }
        List<Path> all = new ArrayList<>();
        // Not through the link to the cache.
        try (Stream<Path> files = Files.walk(CLONE)) {
            files.sorted(Comparator.reverseOrder()).forEach(all::add);
        }
        for (Path path : all) {
            Files.delete(path);
        }
    }
}
