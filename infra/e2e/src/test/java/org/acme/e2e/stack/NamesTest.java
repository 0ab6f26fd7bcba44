package org.acme.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.acme.e2e.stack.Infra.Outcome;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names {@code infra/new-service} and {@code infra/rename} refuse, before anything is written. */
class NamesTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                // addresses, at nginx and below every service, and at Keycloak's origin
                "guarded",
                "api",
                "service",
                "auth",
                "q",
                "realms",
                "resources",
                "static",
                "public",
                "session",
                // parts of the stack, members, services, modules, packages
                "redis",
                "kafka",
                "keycloak",
                "legacy",
                "nginx",
                "guest",
                "express",
                "users",
                "projects",
                "layout",
                "logout",
                "e2e",
                // keys of Redis
                "sess",
                "idx",
                "ended",
                "leases",
                "jti",
                // SSO_OWN_CLIENT_SECRET is every service's own
                "own",
                "tests",
                "providers",
                "encryption",
                // words of Java
                "class",
                "new",
                "default",
                "true",
                "void"
            })
    @DisplayName("F50 a name that the system uses itself is refused, with the reason")
    void used(String name) throws Exception {
        assertThat(useOf(name)).contains(name + "'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"notes", "orders", "billing2", "x", "user", "documents", "search", "reports"})
    @DisplayName("F50 other names are free")
    void free(String name) throws Exception {
        assertThat(useOf(name)).isEmpty();
    }

    private String useOf(String name) throws IOException, InterruptedException {
        Bash.Said said = new Bash(folder).run("use_of " + name, "common", "install", "names");
        assertThat(said.exit()).as("%s", said).isZero();
        return said.words();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "new-service|guarded|nginx has addresses with 'guarded' in them",
                "new-service|Notes|one word of small letters and digits",
                "new-service|my-notes|one word of small letters and digits",
                "new-service|../notes|one word of small letters and digits",
                "rename|com.example com.example.new Portal|'new' is a word of Java",
                "rename|com.example java.portal Portal|belongs to somebody else",
                "rename|com.example io.quarkus.portal Portal|belongs to somebody else",
                "rename|com.example portal Portal|is no package",
            })
    @DisplayName("F50 infra/new-service and infra/rename say no in words")
    void refused(String command, String arguments, String words) {
        Outcome outcome = Infra.second(folder).run(Duration.ofMinutes(1), command, arguments.split(" "));
        assertThat(outcome.exit()).as("%s", outcome).isEqualTo(1);
        assertThat(outcome.errors()).contains(words);
    }
}
