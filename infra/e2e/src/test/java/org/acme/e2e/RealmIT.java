package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.SoftAssertions.assertSoftly;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.acme.e2e.observers.CodeFlow;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the realm offers: what docs/realm.md lists, and nothing else. */
@ExtendWith(OnTheStack.class)
class RealmIT {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String TOKEN = "/realms/sso/protocol/openid-connect/token";

    /** Where Keycloak has something, beside what its discovery document names. */
    private static final List<String> KNOWN = List.of(
            "/",
            "/admin/",
            "/admin/realms/sso/users",
            "/admin/sso/console/",
            "/health/ready",
            "/metrics",
            "/realms/master/",
            "/realms/master/protocol/openid-connect/token",
            "/realms/sso",
            "/realms/sso/.well-known/oauth-authorization-server",
            "/realms/sso/.well-known/openid-configuration",
            "/realms/sso/.well-known/openid-credential-issuer",
            "/realms/sso/.well-known/uma2-configuration",
            "/realms/sso/account/",
            "/realms/sso/account/sessions/devices",
            "/realms/sso/authz/protection/permission",
            "/realms/sso/authz/protection/resource_set",
            "/realms/sso/broker/work/link",
            "/realms/sso/broker/work/login",
            "/realms/sso/broker/work/token",
            "/realms/sso/clients-registrations/default",
            "/realms/sso/clients-registrations/install/sso",
            "/realms/sso/clients-registrations/saml2-entity-descriptor",
            "/realms/sso/device",
            "/realms/sso/login-actions/authenticate",
            "/realms/sso/protocol/docker-v2/auth",
            "/realms/sso/protocol/oid4vc/credential",
            "/realms/sso/protocol/openid-connect/forgot-credentials",
            "/realms/sso/protocol/openid-connect/logout/backchannel-logout",
            "/realms/sso/protocol/openid-connect/registrations",
            "/realms/sso/protocol/saml",
            "/realms/sso/protocol/saml/clients/sso",
            "/realms/sso/protocol/saml/descriptor",
            "/realms/sso/scim/v2/Users");

    private Stack stack;
    private CodeFlow services;

    @BeforeEach
    void remember(Stack stack) {
        this.stack = stack;
        services = new CodeFlow(
                stack.keycloakOrigin(),
                "sso",
                stack.secrets().all().get("SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET"),
                stack.base() + "/users/auth/keycloak/callback");
    }

    @Test
    @DisplayName("A8 F38 from outside, Keycloak's addresses are those of docs/realm.md: nothing else, by no method")
    void addresses() throws IOException {
        StringBuilder table = new StringBuilder("| address | from outside |\n|---|---|\n");
        for (String path : allAddresses()) {
            table.append("| `%s` | %s |\n".formatted(path, isOpen(path) ? "open" : "-"));
        }
        documented("realm-addresses.md", table);
    }

    private TreeSet<String> allAddresses() {
        TreeSet<String> all = new TreeSet<>(KNOWN);
        Visitor inside = new Visitor("http://127.0.0.1:" + stack.keycloakPort());
        JsonNode discovery =
                inside.get("/realms/sso/.well-known/openid-configuration").json();
        discovery.findParents("issuer").forEach(node -> collect(node, all));
        return all;
    }

    private static void collect(JsonNode node, TreeSet<String> paths) {
        if (node.isTextual() && node.asText().matches("https?://.*/realms/sso/.+")) {
            paths.add(URI.create(node.asText()).getPath());
        }
        node.forEach(child -> collect(child, paths));
    }

    private boolean isOpen(String path) {
        Visitor stranger = new Visitor(stack.keycloakOrigin());
        List<Answer> answers = List.of(
                stranger.get(path, Visitor.NAVIGATION), stranger.get(path), stranger.post(path, FORM, "client_id=sso"));
        return answers.stream().anyMatch(answer -> answer.status() != 404);
    }

    @Test
    @DisplayName("A8 F38 F37 clients, their grants, addresses and roles are those of docs/realm.md")
    void clients() throws IOException {
        StringBuilder table = new StringBuilder(
                "| client | grants | back to | roles that its tokens may carry | optional scopes |\n|---|---|---|---|---|\n");
        StreamSupport.stream(stack.keycloak().realm("clients?max=1000").spliterator(), false)
                .sorted(java.util.Comparator.comparing(
                        client -> client.path("clientId").asText()))
                .forEach(client -> table.append("| `%s` | %s | %s | %s | %s |\n"
                        .formatted(
                                client.path("clientId").asText(),
                                grants(client),
                                list(texts(client.path("redirectUris"))),
                                client.path("fullScopeAllowed").asBoolean() ? "**all**" : list(roles(client)),
                                list(texts(client.path("optionalClientScopes"))))));
        documented("realm-clients.md", table);
    }

    private static String grants(JsonNode client) {
        if (!client.path("enabled").asBoolean() || client.path("bearerOnly").asBoolean()) {
            return "-";
        }
        List<String> grants = new ArrayList<>();
        boolean code = client.path("standardFlowEnabled").asBoolean();
        String pkce =
                client.path("attributes").path("pkce.code.challenge.method").asText("no");
        add(grants, code, "code, PKCE " + pkce);
        add(grants, client.path("implicitFlowEnabled").asBoolean(), "implicit");
        add(grants, client.path("directAccessGrantsEnabled").asBoolean(), "password");
        add(grants, client.path("serviceAccountsEnabled").asBoolean(), "client credentials");
        client.path("attributes")
                .properties()
                .forEach(attribute -> add(
                        grants,
                        attribute.getKey().endsWith(".enabled")
                                && attribute.getValue().asText().equals("true"),
                        attribute.getKey()));
        add(grants, client.path("publicClient").asBoolean(), "no secret");
        return grants.isEmpty() || grants.equals(List.of("no secret")) ? "-" : String.join(", ", grants);
    }

    private static void add(List<String> grants, boolean has, String grant) {
        if (has) {
            grants.add(grant);
        }
    }

    private Stream<String> roles(JsonNode client) {
        JsonNode mappings =
                stack.keycloak().realm("clients/" + client.path("id").asText() + "/scope-mappings");
        return Stream.concat(
                texts(mappings.path("realmMappings"), "name"),
                mappings.path("clientMappings").properties().stream()
                        .flatMap(of ->
                                texts(of.getValue().path("mappings"), "name").map(role -> of.getKey() + "/" + role)));
    }

    private static Stream<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText);
    }

    private static Stream<String> texts(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(item -> item.path(field).asText());
    }

    private String list(Stream<String> items) {
        List<String> sorted = items.map(item -> "`" + item.replace(stack.base(), "…") + "`")
                .sorted()
                .toList();
        return sorted.isEmpty() ? "-" : String.join(" ", sorted);
    }

    /** The page has this table; what was measured is kept, to be put there by hand after a look at what it opens. */
    private static void documented(String name, StringBuilder table) throws IOException {
        Files.createDirectories(Path.of("target", "measured"));
        Files.writeString(Path.of("target", "measured", name), table);
        assertThat(Files.readString(Path.of("..", "..", "docs", "realm.md"))).contains(table);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "grant_type=password&client_id=admin-cli&username=alice&password=alice",
                "grant_type=password&client_id=account-console&username=alice&password=alice",
                "grant_type=password&client_id=security-admin-console&username=alice&password=alice",
                "grant_type=password&client_id=sso&client_secret={secret}&username=alice&password=alice",
                "grant_type=client_credentials&client_id=sso&client_secret={secret}",
                "grant_type=client_credentials&client_id=account-console",
                "grant_type=urn:ietf:params:oauth:grant-type:device_code&client_id=sso&client_secret={secret}&device_code=x",
                "grant_type=urn:openid:params:grant-type:ciba&client_id=sso&client_secret={secret}&auth_req_id=x",
                "grant_type=urn:ietf:params:oauth:grant-type:uma-ticket&client_id=sso&client_secret={secret}&audience=sso",
                "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&client_id=sso&client_secret={secret}"
                        + "&subject_token={token}&audience=account",
                "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer&client_id=sso&client_secret={secret}&assertion={token}"
            })
    @DisplayName("A8 F38 grants that nobody uses get no tokens, at the internal address either")
    void grantsThatNobodyUses(String form) {
        String token =
                stack.keycloak().tokens("e2e-cli", "alice").path("access_token").asText();
        String body = form.replace("{secret}", services.secret()).replace("{token}", token);
        for (String origin : List.of(stack.keycloakOrigin(), "http://127.0.0.1:" + stack.keycloakPort())) {
            Answer answer = new Visitor(origin).post(TOKEN, FORM, body);
            assertThat(answer.status()).as("%s", answer).isBetween(400, 403);
            assertThat(answer.body()).doesNotContain("access_token");
        }
    }

    @Test
    @DisplayName("A8 I1 I7 F38 only the code flow begins: with PKCE S256, for scopes in use, back to an exact address")
    void onlyTheCodeFlowBegins() {
        String callback = services.redirectUri();
        Map<String, Map<String, String>> others = new TreeMap<>();
        for (String type : List.of("token", "id_token", "id_token token", "code token", "code id_token")) {
            others.put("response type " + type, Map.of("response_type", type));
        }
        others.put("no PKCE", Map.of("code_challenge", "", "code_challenge_method", ""));
        others.put("plain PKCE", Map.of("code_challenge_method", "plain"));
        others.put("offline access", Map.of("scope", "openid offline_access"));
        for (String uri : List.of(
                callback + "/x",
                callback + "?x=1",
                callback + "#x",
                callback.toUpperCase(java.util.Locale.ROOT),
                callback.replace("/users/", "/guest/"),
                callback.replace("localhost", "localhost.example.org"),
                callback.replace("callback", "callback/.."),
                "https://example.org/")) {
            others.put("back to " + uri, Map.of("redirect_uri", uri));
        }
        for (String client : List.of("account", "admin-cli", "security-admin-console", "users-service", "e2e-cli")) {
            others.put("client " + client, Map.of("client_id", client));
        }
        assertThat(begin(Map.of()).asksForPassword()).isTrue();
        assertSoftly(softly -> others.forEach((what, changes) -> {
            Answer answer = begin(changes);
            softly.assertThat(answer.asksForPassword())
                    .as("%s: %s", what, answer)
                    .isFalse();
            softly.assertThat(answer.status()).as(what).isIn(302, 303, 400);
        }));
    }

    private Answer begin(Map<String, String> changes) {
        return new Visitor(stack.keycloakOrigin()).get(services.authorization(changes), Visitor.NAVIGATION);
    }

    @Test
    @DisplayName("F57 twenty right passwords of one user at once are twenty sign-ins")
    void signInsAtOnce() {
        List<CompletableFuture<Integer>> signIns = IntStream.range(0, 20)
                .mapToObj(i -> new Visitor(stack.keycloakOrigin())
                        .postAsync(
                                TOKEN,
                                FORM,
                                "grant_type=password&client_id=e2e-cli&username=bob&password=bob&client_secret="
                                        + stack.secrets().clientSecret("e2e-cli"),
                                List.of())
                        .thenApply(Answer::status))
                .toList();
        assertThat(signIns).allSatisfy(signIn -> assertThat(signIn.join()).isEqualTo(200));
    }
}
