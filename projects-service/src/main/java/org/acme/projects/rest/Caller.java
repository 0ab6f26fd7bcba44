package org.acme.projects.rest;

import jakarta.inject.Singleton;
import java.util.Optional;
import org.acme.projects.service.Person;
import org.acme.projects.service.Viewer;
import org.acme.session.CurrentUser;
import org.acme.session.SignedInUser;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Who asks, as the projects know people. */
@Singleton
class Caller {

    private final CurrentUser current;
    private final String defaultProvider;

    Caller(CurrentUser current, @ConfigProperty(name = "sso.default-provider") String defaultProvider) {
        this.current = current;
        this.defaultProvider = defaultProvider;
    }

    Viewer viewer() {
        SignedInUser user = current.get();
        boolean administrator = user.roles().contains("admin");
        return new Viewer(
                new Person(user.issuer(), user.subject()),
                name(user),
                Optional.ofNullable(user.profile().get("name")),
                administrator);
    }

    /** User names are the default provider's. The same at another one is somebody else's, and nobody is to take it for theirs. */
    private String name(SignedInUser user) {
        return user.provider().equals(defaultProvider) ? user.name() : user.name() + " (" + user.provider() + ")";
    }
}
