package org.acme.session.internal.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ClaimsTest {

    private static final JsonArray ROLES =
            new JsonArray().add("user").add(7).addNull().add("admin");
    private static final Set<String> NAMES = Set.of("user", "admin");

    @Test
    @DisplayName("I14: roles at a path, and in a claim that is named by a URL, as Auth0 has them (quarkus#6842)")
    void namesOfRoles() {
        String url = "https://example.org/claims/roles";
        Claims claims = Claims.of(new JsonObject()
                .put(url, ROLES)
                .put("realm_access", new JsonObject().put("roles", ROLES))
                .put("groups", ROLES)
                .put("one", "user"));
        for (String path : new String[] {url, "realm_access/roles", "groups"}) {
            assertEquals(NAMES, claims.names(path), path);
        }
        assertEquals(Set.of("user"), claims.names("one"));
        for (String path : new String[] {"https://example.org/claims", "realm_access", "one/roles", "/", "", "//"}) {
            assertEquals(Set.of(), claims.names(path), path);
        }
    }
}
