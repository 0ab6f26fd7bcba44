package org.acme.users.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** Who am I, for scripts: with the session or with a bearer token. */
@Path("/api/me")
@RolesAllowed("user")
@Produces(MediaType.APPLICATION_JSON)
class MeResource {

    private final Caller caller;

    MeResource(Caller caller) {
        this.caller = caller;
    }

    @GET
    @NonBlocking
    public Me me() {
        return caller.me();
    }
}
