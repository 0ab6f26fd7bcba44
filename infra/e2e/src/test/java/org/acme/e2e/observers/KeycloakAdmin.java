package org.acme.e2e.observers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.acme.e2e.stack.Secrets;
import org.acme.e2e.stack.Site;

/** What the provider itself says happened: its event log and the sessions it knows; and tokens for scripts. */
public final class KeycloakAdmin {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final HttpClient http = Site.client().connectTimeout(TIMEOUT).build();
    private final String publicOrigin;
    private final String internalOrigin;
    private final Secrets secrets;

    public KeycloakAdmin(String publicOrigin, String internalOrigin, Secrets secrets) {
        this.publicOrigin = publicOrigin;
        this.internalOrigin = internalOrigin;
        this.secrets = secrets;
    }

    /** The tokens of that user, by a client that takes the password itself: {@code access_token}, {@code id_token}. */
    public JsonNode tokens(String client, String user) {
        return tokens(client, user, client.equals("e2e-cli") ? "openid projects:read projects:write" : "openid");
    }

    /** The same with these scopes. */
    public JsonNode tokens(String client, String user, String scope) {
        JsonNode tokens = json(form(
                publicOrigin + "/realms/sso/protocol/openid-connect/token",
                Map.of(
                        "grant_type",
                        "password",
                        "client_id",
                        client,
                        "client_secret",
                        secrets.clientSecret(client),
                        "username",
                        user,
                        "password",
                        user,
                        "scope",
                        scope)));
        return noted(tokens);
    }

    /** A token of a service for itself. */
    public String serviceToken(String service) {
        return clientToken(service + "-service", secrets.clientSecret(service));
    }

    /** A token of the backend that may ask whom a session belongs to. */
    public String readerToken() {
        return clientToken("session-reader", secrets.clientSecret("session-reader"));
    }

    private String clientToken(String client, String secret) {
        return noted(json(form(
                        publicOrigin + "/realms/sso/protocol/openid-connect/token",
                        Map.of("grant_type", "client_credentials", "client_id", client, "client_secret", secret))))
                .path("access_token")
                .asText();
    }

    private static JsonNode noted(JsonNode tokens) {
        tokens.properties().forEach(field -> {
            if (field.getKey().endsWith("_token")) {
                Canaries.note(field.getKey(), field.getValue().asText());
            }
        });
        return tokens;
    }

    /** How many events of that type Keycloak recorded since. */
    public int events(String type, Instant since) {
        int count = 0;
        for (JsonNode event : ask("/events?max=2000&type=" + type)) {
            if (event.path("time").asLong() >= since.toEpochMilli()) {
                count++;
            }
        }
        return count;
    }

    /** The same of that client. */
    public int eventsOf(String type, String client, Instant since) {
        int count = 0;
        for (JsonNode event : ask("/events?max=2000&type=" + type + "&client=" + client)) {
            if (event.path("time").asLong() >= since.toEpochMilli()) {
                count++;
            }
        }
        return count;
    }

    /** Ids of the sessions that the provider holds for that user. */
    public List<String> sessions(String user) {
        List<String> sessions = new ArrayList<>();
        ask("/users/" + userId(user) + "/sessions")
                .forEach(session -> sessions.add(session.path("id").asText()));
        return sessions;
    }

    /** "Sign out", beside one session in the admin console. */
    public void endSession(String session) {
        send(administrator("/sessions/" + session).DELETE());
    }

    /** "Sign out all active sessions" of a user in the admin console. */
    public void signOut(String user) {
        send(administrator("/users/" + userId(user) + "/logout").POST(BodyPublishers.noBody()));
    }

    /** The same for everybody. */
    public void signOutEverybody() {
        send(administrator("/logout-all").POST(BodyPublishers.noBody()));
    }

    /** "Sign out all devices" of a user's own account page. */
    public void signOutOnTheAccountPage(String user) {
        String token = CodeFlow.ofTheAccountPages(publicOrigin)
                .tokens(user)
                .path("access_token")
                .asText();
        send(HttpRequest.newBuilder(URI.create(publicOrigin + "/realms/sso/account/sessions?current=true"))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json")
                .header("Content-Type", "application/json")
                .DELETE());
    }

    public void setEnabled(String user, boolean enabled) {
        send(administrator("/users/" + userId(user))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"enabled\":" + enabled + "}")));
    }

    /** What the administrator sees of the realm: {@code clients}, {@code roles} and so on. */
    public JsonNode realm(String what) {
        return ask("/" + what);
    }

    /** Makes realm roles of these names and a user who has them and {@code user}; the password is the name. */
    public void createUserWithRoles(String user, List<String> roles) {
        ObjectNode all = JSON.createObjectNode().put("ifResourceExists", "SKIP");
        ArrayNode made = all.putObject("roles").putArray("realm");
        roles.forEach(role -> made.addObject().put("name", role));
        ObjectNode person = all.putArray("users").addObject();
        person.put("username", user).put("enabled", true).put("emailVerified", true);
        person.put("firstName", user).put("lastName", "of many roles").put("email", user + "@example.test");
        person.putArray("credentials")
                .addObject()
                .put("type", "password")
                .put("value", user)
                .put("temporary", false);
        ArrayNode granted = person.putArray("realmRoles").add("user").add("default-roles-sso");
        roles.forEach(granted::add);
        HttpRequest.Builder request = administrator("/partialImport")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(all.toString()));
        send(request, Duration.ofMinutes(2));
    }

    public void deleteUser(String user) {
        send(administrator("/users/" + userId(user)).DELETE(), Duration.ofMinutes(1));
    }

    /** What the administrator does there; see Keycloak's Admin REST API. @param body JSON; empty for none */
    void change(String method, String what, String body) {
        send(administrator("/" + what)
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(body)));
    }

    /** Changes fields of the realm itself. */
    public void changeRealm(String fields) {
        change("PUT", "", fields);
    }

    /** Changes fields of that client. */
    public void changeClient(String client, String fields) {
        String id = realm("clients?clientId=" + client).path(0).path("id").asText();
        change("PUT", "clients/" + id, fields);
    }

    /** Has the realm sign with new keys, from now on, until it is closed. The old ones still verify. */
    public AutoCloseable newKeys() {
        String name = "rotated-" + System.nanoTime();
        change(
                "POST",
                "components",
                ("{'name':'%s','providerId':'rsa-generated','providerType':'org.keycloak.keys.KeyProvider','config':"
                                + "{'priority':['1000'],'enabled':['true'],'active':['true'],'algorithm':['RS256'],'keySize':['2048']}}")
                        .formatted(name)
                        .replace('\'', '"'));
        return () -> change(
                "DELETE",
                "components/"
                        + realm("components?name=" + name).path(0).path("id").asText(),
                "");
    }

    String userId(String user) {
        return ask("/users?exact=true&username=" + user).path(0).path("id").asText();
    }

    private JsonNode ask(String path) {
        return json(send(administrator(path)));
    }

    private HttpRequest.Builder administrator(String path) {
        return HttpRequest.newBuilder(URI.create(internalOrigin + "/admin/realms/sso" + path))
                .header("Authorization", "Bearer " + administratorToken());
    }

    private String administratorToken() {
        return json(form(
                        internalOrigin + "/realms/master/protocol/openid-connect/token",
                        Map.of(
                                "grant_type",
                                "password",
                                "client_id",
                                "admin-cli",
                                "username",
                                secrets.keycloakAdminUser(),
                                "password",
                                secrets.keycloakAdminPassword())))
                .path("access_token")
                .asText();
    }

    private HttpResponse<String> form(String url, Map<String, String> fields) {
        String body = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        return send(request, TIMEOUT);
    }

    private HttpResponse<String> send(HttpRequest.Builder request, Duration timeout) {
        try {
            HttpResponse<String> response = http.send(request.timeout(timeout).build(), BodyHandlers.ofString());
            if (response.statusCode() / 100 != 2) {
                throw new IllegalStateException(response + " " + response.body());
            }
            return response;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
