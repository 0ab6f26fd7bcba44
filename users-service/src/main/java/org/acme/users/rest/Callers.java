package org.acme.users.rest;

import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import org.acme.session.CurrentUser;
import org.acme.session.SignedInUser;
import org.acme.users.directory.Caller;

/** Who asks, as the directory knows callers. */
@Singleton
class Callers {

    private final CurrentUser user;
    private final SecurityIdentity identity;

    Callers(CurrentUser user, SecurityIdentity identity) {
        this.user = user;
        this.identity = identity;
    }

    /** Of the request being served. Whoever is no user is a service. */
    Caller current() {
        if (!user.isPresent()) {
            return Caller.service(identity.getPrincipal().getName());
        }
        SignedInUser person = user.get();
        return Caller.person(person.issuer(), person.subject());
    }
}
