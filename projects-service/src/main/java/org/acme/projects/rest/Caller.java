package org.acme.projects.rest;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import org.acme.projects.service.Owner;
import org.acme.projects.service.Viewer;
import org.acme.session.CurrentSession;
import org.acme.session.SignedInUser;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Who asks: known by the session or by a bearer token. */
@Singleton
class Caller {

    private final CurrentSession session;
    private final SecurityIdentity identity;

    Caller(CurrentSession session, SecurityIdentity identity) {
        this.session = session;
        this.identity = identity;
    }

    Viewer viewer() {
        boolean administrator = identity.hasRole("admin");
        if (session.isPresent()) {
            SignedInUser user = session.user();
            return new Viewer(new Owner(user.issuer(), user.subject()), user.name(), administrator);
        }
        if (identity.getPrincipal() instanceof JsonWebToken token) {
            return new Viewer(new Owner(token.getIssuer(), token.getSubject()), nameIn(token), administrator);
        }
        throw new IllegalStateException("Signed in neither by session nor by token");
    }

    private static String nameIn(JsonWebToken token) {
        return token.<String>claim("name").orElseGet(token::getName);
    }
}
