package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each kind of credential gets at each kind of address, with tokens of the real Keycloak. */
@ExtendWith(OnTheStack.class)
@SuppressWarnings("try") // an outage does its work by being open
class ApiAnswersIT {

    private static final Pattern ERROR = Pattern.compile("error=\"([a-z_]+)\"");
    private static final List<String> ROUTES = List.of(
            "GET /users/profile",
            "GET /users/api/me",
            "GET /projects/api/projects",
            "POST /projects/api/projects",
            "GET /users/service/people?name=bob");

    private Stack stack;
    private Visitor alice;

    @BeforeEach
    void aliceIsSignedIn(Stack stack) {
        this.stack = stack;
        alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
    }

    @Test
    @DisplayName("A1 A2 A3 A6 every credential at every kind of address gets the answer that docs/apis.md says")
    void everyCredentialEverywhere() throws IOException {
        StringBuilder table = new StringBuilder("| with |");
        ROUTES.forEach(route ->
                table.append(" `").append(route.replaceFirst("\\?.*", "")).append("` |"));
        table.append("\n|---|").append("---|".repeat(ROUTES.size())).append('\n');
        credentials().forEach((name, headers) -> {
            table.append("| ").append(name).append(" |");
            ROUTES.forEach(route ->
                    table.append(' ').append(cell(route, name, headers)).append(" |"));
            table.append('\n');
        });

        Files.createDirectories(Path.of("target", "measured"));
        Files.writeString(Path.of("target", "measured", "api-answers.md"), table);
        assertThat(Files.readString(Path.of("..", "..", "docs", "apis.md"))).contains(table);
    }

    private Map<String, List<String>> credentials() {
        JsonNode tokens = stack.keycloak().tokens("e2e-cli", "alice");
        String access = tokens.path("access_token").asText();
        Map<String, List<String>> credentials = new LinkedHashMap<>();
        credentials.put("nothing", List.of());
        credentials.put("a session", List.of());
        credentials.put("a session and a bad token", bearer("bad"));
        credentials.put("an access token of a user", bearer(access));
        credentials.put(
                "one without the projects' scopes",
                bearer(stack.keycloak()
                        .tokens("e2e-cli", "alice", "openid")
                        .path("access_token")
                        .asText()));
        credentials.put(
                "one that may only read",
                bearer(stack.keycloak()
                        .tokens("e2e-cli", "alice", "openid projects:read")
                        .path("access_token")
                        .asText()));
        credentials.put(
                "one for another audience",
                bearer(stack.keycloak()
                        .tokens("no-audience-cli", "alice")
                        .path("access_token")
                        .asText()));
        credentials.put(
                "one with a spoilt signature", bearer(access.substring(0, access.length() - 10) + "AAAAAAAAAA"));
        credentials.put("an ID token", bearer(tokens.path("id_token").asText()));
        credentials.put("a refresh token", bearer(tokens.path("refresh_token").asText()));
        credentials.put("the projects' own token", bearer(stack.keycloak().serviceToken("projects")));
        credentials.put("a header without a token", List.of("Authorization", "Bearer"));
        credentials.put("another scheme", List.of("Authorization", "Basic YWxpY2U6YWxpY2U="));
        return credentials;
    }

    private static List<String> bearer(String token) {
        return List.of("Authorization", "Bearer " + token);
    }

    private String cell(String route, String credential, List<String> headers) {
        Visitor who = credential.startsWith("a session") ? alice : new Visitor(stack.base());
        String path = route.substring(route.indexOf('/'));
        String at = path.contains("/service/") ? stack.instances("users").get(0).url(path) : stack.base() + path;
        List<String> all = new java.util.ArrayList<>(headers);
        all.addAll(Visitor.SCRIPT);
        Answer answer = route.startsWith("POST")
                ? Visitor.joined(who.postAsync(at, "application/json", "{\"name\":\"by table\"}", all))
                : who.get(at, all);
        assertThat(answer.setCookies()).as("%s with %s", route, credential).isEmpty();
        if (answer.status() >= 400) {
            assertThat(answer.header("Content-Type")).hasValue("application/problem+json");
        }
        Matcher error = ERROR.matcher(answer.header("WWW-Authenticate").orElse(""));
        return answer.status() + (error.find() ? " " + error.group(1) : "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"introspection", "userinfo"})
    @DisplayName(
            "A4 A3 verified by Keycloak itself: good tokens pass, others do not, and with Keycloak unavailable 503, not open")
    void verifiedAtTheProvider(String how) {
        Instance instance = stack.instances("users").get(1);
        Visitor script = new Visitor(stack.base());
        try (Outage settings =
                stack.withSettings(instance.name(), "SSO_BEARER_VERIFICATION=" + how, "SSO_BEARER_CACHE_TTL=1S")) {
            JsonNode tokens = stack.keycloak().tokens("e2e-cli", "alice");
            List<String> good = bearer(tokens.path("access_token").asText());
            assertThat(script.get(instance.whoAmI(), good).status()).isEqualTo(200);
            assertThat(script.get(instance.whoAmI(), good).body()).contains("alice");
            for (String bad : List.of(
                    tokens.path("id_token").asText(),
                    tokens.path("refresh_token").asText(),
                    stack.keycloak()
                            .tokens("no-audience-cli", "alice")
                            .path("access_token")
                            .asText(),
                    "not-a-token")) {
                Answer refused = script.get(instance.whoAmI(), bearer(bad));
                assertThat(refused.status()).as("%s", refused).isEqualTo(401);
                assertThat(refused.header("WWW-Authenticate").orElse("")).contains("invalid_token");
            }

            List<String> fresh = bearer(stack.keycloak()
                    .tokens("e2e-cli", "bob")
                    .path("access_token")
                    .asText());
            try (Outage away = stack.paused("keycloak")) {
                Answer unknown = script.get(instance.whoAmI(), fresh);
                assertThat(unknown.status()).as("%s", unknown).isEqualTo(503);
                assertThat(unknown.header("Retry-After")).isPresent();
            }
            assertThat(script.get(instance.whoAmI(), fresh).status()).isEqualTo(200);
        }
    }
}
