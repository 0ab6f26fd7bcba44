package org.acme.users.rest;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import org.acme.session.CurrentSession;
import org.acme.session.SignedInUser;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who calls the API: known by the session or by a bearer token. */
@Singleton
class Caller {

    private final CurrentSession session;
    private final SecurityIdentity identity;

    Caller(CurrentSession session, SecurityIdentity identity) {
        this.session = session;
        this.identity = identity;
    }

    Me me() {
        if (session.isPresent()) {
            SignedInUser user = session.user();
            return new Me(user.issuer(), user.subject(), user.name(), sorted(user.roles()));
        }
        if (identity.getPrincipal() instanceof JsonWebToken token) {
            return new Me(token.getIssuer(), token.getSubject(), nameIn(token), sorted(identity.getRoles()));
        }
        throw new IllegalStateException("Signed in neither by session nor by token");
    }

    private static String nameIn(JsonWebToken token) {
        return token.<String>claim("name").orElseGet(token::getName);
    }

    private static List<String> sorted(Collection<String> roles) {
        return roles.stream().sorted().toList();
    }
}
