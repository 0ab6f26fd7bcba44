package org.acme.projects.rest;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.acme.projects.service.Person;
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
        return new Viewer(
                new Person(user.issuer(), user.subject()),
                user.name(),
                Optional.ofNullable(user.profile().get("name")),
                administrator);
    }
}
