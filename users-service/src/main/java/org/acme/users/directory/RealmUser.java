package org.acme.users.directory;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.Objects;

/** A user as Keycloak's admin interface has it; what we do not need stays there. */
@JsonIgnoreProperties(ignoreUnknown = true)
record RealmUser(String id, String username) {

    RealmUser {
        Objects.requireNonNull(id);
        Objects.requireNonNull(username);
    }
}
