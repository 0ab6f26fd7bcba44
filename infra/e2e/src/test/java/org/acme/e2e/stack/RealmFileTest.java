package org.acme.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The realm that Keycloak is given to import, as {@code infra/up} and the container make it. */
class RealmFileTest {

    private static final List<String> DEMO =
            List.of("alice", "bob", "e2e-cli", "no-audience-cli", "service-account-session-reader");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8080, http://localhost:8180, 127.0.0.1, true",
        "https://localhost, https://localhost:8180, 127.0.0.1, true",
        "https://users.sso.localhost:8080, https://localhost:8180, 127.0.0.1, true",
        "http://127.0.0.1:8080, http://127.0.0.1:8180, localhost, true",
        "http://[::1]:8080, http://[::1]:8180, ::1, true",
        "https://sso.example.org, https://id.example.org, 127.0.0.1, false",
        "https://sso.example.org, http://localhost:8180, 127.0.0.1, false",
        "http://localhost:8080, https://id.example.org, 127.0.0.1, false",
        "http://localhost:8080, http://localhost:8180, 0.0.0.0, false",
        "http://localhost:8080, http://localhost:8180, ::, false",
        "http://localhost:8080, http://localhost:8180, 192.168.1.7, false",
        "http://localhost:8080, http://localhost:8180, '', false",
        "http://localhost.example.org, http://localhost:8180, 127.0.0.1, false",
        "http://mylocalhost, http://localhost:8180, 127.0.0.1, false",
        "http://127.0.0.1.example.org, http://localhost:8180, 127.0.0.1, false",
        "http://localhost@example.org, http://localhost:8180, 127.0.0.1, false",
    })
    @DisplayName(
            "F41 demo accounts and clients come with a stack that only this machine gets to; others have a password policy")
    void demoOnThisMachineOnly(String base, String keycloak, String address, boolean demo) throws Exception {
        String realm = realm(base, keycloak, address);
        JsonNode json = new ObjectMapper().readTree(realm);
        assertThat(json.path("realm").asText()).isEqualTo("sso");
        assertThat(json.path("clients").findValuesAsText("clientId"))
                .contains("sso", "users-service", "projects-service", "account-console");
        for (String name : DEMO) {
            assertThat(realm.contains('"' + name + '"')).as(name).isEqualTo(demo);
        }
        assertThat(json.path("users").findValues("credentials").isEmpty()).isEqualTo(!demo);
        assertThat(realm.contains("\"directAccessGrantsEnabled\": true")).isEqualTo(demo);
        assertThat(json.has("passwordPolicy")).isEqualTo(!demo);
        assertThat(json.path("clients").findValues("fullScopeAllowed"))
                .isNotEmpty()
                .noneMatch(JsonNode::asBoolean);
        // Members of other stacks do not run here.
        assertThat(realm).doesNotContain("/guest/", "/php/");
    }

    @Test
    @DisplayName(
            "F41 a realm with people of its own is never made anew; one with demo accounts is, before others get to it")
    void ownRealmsAreKept() throws Exception {
        Path data = Files.createDirectories(folder.resolve("data"));
        prepare(data, "http://localhost:8080");
        assertThat(imported(data)).contains("alice");
        Path database = Files.createDirectories(data.resolve("h2")).resolve("keycloak.mv.db");
        Files.writeString(database, "with alice");

        prepare(data, "https://sso.example.org");
        assertThat(database).doesNotExist();
        assertThat(imported(data)).doesNotContain("alice");

        Files.createDirectories(data.resolve("h2"));
        Files.writeString(database, "with people of its own");
        assertThat(prepare(data, "https://other.example.org")).contains("kept as it is");
        assertThat(prepare(data, "https://other.example.org")).doesNotContain("kept as it is");
        assertThat(prepare(data, "http://localhost:8080")).contains("kept as it is");
        assertThat(database).content().isEqualTo("with people of its own");
        assertThat(imported(data)).doesNotContain("alice");
    }

    private static String imported(Path data) throws IOException {
        return Files.readString(data.resolve("import/realm-sso.json"));
    }

    private String prepare(Path data, String base) throws Exception {
        return bash(
                base,
                base,
                "SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET=x KEYCLOAK_ADMIN_PASSWORD=x; prepare_realm " + data
                        + " 127.0.0.1 2>&1");
    }

    private String realm(String base, String keycloak, String address) throws Exception {
        return bash(base, keycloak, "realm_file '" + address + "'");
    }

    private String bash(String base, String keycloak, String command) throws Exception {
        String infra = Stack.repository().resolve("infra/lib").toString();
        ProcessBuilder bash = new ProcessBuilder(
                "bash",
                "-euc",
                "for file in common install process stack parts; do source %s/$file.sh; done; use_port 8080; BASE_URL=$1 KEYCLOAK_URL=$2; %s"
                        .formatted(infra, command),
                "test",
                base,
                keycloak);
        bash.environment().put("SSO_STACK_DIR", folder.toString());
        Process process = bash.redirectErrorStream(false).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(errors).isZero();
        return output;
    }
}
