package org.acme.@NAME@.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.acme.session.CurrentUser;

/** The same for scripts: with the session or with a bearer token. */
@Path("/api/greeting")
@RolesAllowed("user")
@Produces(MediaType.APPLICATION_JSON)
class GreetingResource {

    private final CurrentUser user;

    GreetingResource(CurrentUser user) {
        this.user = user;
    }

    @GET
    @NonBlocking
    public Greeting greeting() {
        return new Greeting(user.get().name());
    }
}
