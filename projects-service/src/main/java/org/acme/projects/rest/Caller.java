package org.acme.projects.rest;

import jakarta.inject.Singleton;
import org.acme.projects.service.Owner;
import org.acme.projects.service.Viewer;
import org.acme.session.CurrentUser;
import org.acme.session.SignedInUser;

/** Who asks, as the projects know people. */
@Singleton
class Caller {

    private final CurrentUser current;

    Caller(CurrentUser current) {
        this.current = current;
    }

    Viewer viewer() {
        SignedInUser user = current.get();
        boolean administrator = user.roles().contains("admin");
        return new Viewer(new Owner(user.issuer(), user.subject()), user.name(), administrator);
    }
}
