package org.acme.users.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.acme.session.CurrentUser;

/** Who am I, for scripts: with the session or with a bearer token. */
@Path("/api/me")
@RolesAllowed("user")
@Produces(MediaType.APPLICATION_JSON)
class MeResource {

    private final CurrentUser user;

    MeResource(CurrentUser user) {
        this.user = user;
    }

    @GET
    @NonBlocking
    public Me me() {
        return Me.of(user.get());
    }
}
