package org.acme.session.internal.auth;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;
import org.acme.session.CurrentUser;
import org.acme.session.SignedInUser;
import org.acme.session.internal.lifecycle.SessionResolver;

/** The current user, as the request's identity carries it. */
@RequestScoped
class RequestUser implements CurrentUser {

    private final CurrentIdentityAssociation identity;

    RequestUser(CurrentIdentityAssociation identity) {
        this.identity = identity;
    }

    @Override
    public boolean isPresent() {
        return user().isPresent();
    }

    @Override
    public SignedInUser get() {
        return user().orElseThrow(() -> new IllegalStateException("Nobody is signed in"));
    }

    private Optional<SignedInUser> user() {
        return Optional.ofNullable(identity.getIdentity().getAttribute(SessionResolver.USER));
    }
}
