package org.acme.e2e.observers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.UUID;

/** Somebody at the provider, made for one test, to whom an administrator does what administrators do. */
public final class KeycloakUser implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KeycloakAdmin keycloak;
    private final String id;
    private final String name;
    private final String password = "of-nobody-" + UUID.randomUUID();
    private boolean deleted;

    private KeycloakUser(KeycloakAdmin keycloak, String name) {
        this.keycloak = keycloak;
        this.name = name;
        keycloak.change(
                "POST",
                "users",
                JSON.createObjectNode()
                        .put("username", name)
                        .put("email", name + "@example.org")
                        .put("emailVerified", true)
                        .put("firstName", "Renata")
                        .put("lastName", "Rossi")
                        .put("enabled", true)
                        .set(
                                "credentials",
                                JSON.createArrayNode()
                                        .add(JSON.createObjectNode()
                                                .put("type", "password")
                                                .put("value", password)
                                                .put("temporary", false)))
                        .toString());
        this.id = keycloak.userId(name);
        Canaries.note("password", password);
        give("user");
    }

    /** A new user with the role {@code user}. */
    public static KeycloakUser in(KeycloakAdmin keycloak) {
        return new KeycloakUser(
                keycloak, "renata-" + UUID.randomUUID().toString().substring(0, 8));
    }

    public String name() {
        return name;
    }

    public String password() {
        return password;
    }

    public void give(String role) {
        keycloak.change("POST", "users/" + id + "/role-mappings/realm", mapping(role));
    }

    public void take(String role) {
        keycloak.change("DELETE", "users/" + id + "/role-mappings/realm", mapping(role));
    }

    private String mapping(String role) {
        JsonNode known = keycloak.realm("roles/" + role);
        return JSON.createArrayNode().add(known).toString();
    }

    /** Changes fields of the user. */
    public void change(String field, Object value) {
        keycloak.change(
                "PUT",
                "users/" + id,
                JSON.createObjectNode().putPOJO(field, value).toString());
    }

    public void delete() {
        keycloak.change("DELETE", "users/" + id, "");
        deleted = true;
    }

    @Override
    public void close() {
        if (!deleted) {
            delete();
        }
    }
}
