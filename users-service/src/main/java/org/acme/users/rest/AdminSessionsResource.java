package org.acme.users.rest;

import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.acme.session.KnownUser;
import org.acme.session.RequiresRecentSignIn;
import org.acme.session.SessionAdministration;
import org.acme.session.UserSession;
import org.acme.users.rest.SessionsResource.Ended;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.RestResponse;

/** Where others are signed in, for the scripts of administrators. */
@Path("/api/sessions/users")
@RolesAllowed("admin")
@Produces(MediaType.APPLICATION_JSON)
class AdminSessionsResource {

    private final SessionAdministration sessions;

    AdminSessionsResource(SessionAdministration sessions) {
        this.sessions = sessions;
    }

    /** @param q part of a name, or a whole subject */
    @GET
    public Uni<List<KnownUser>> find(@RestQuery @DefaultValue("") String q) {
        return sessions.find(q);
    }

    @GET
    @Path("{user}")
    public Uni<List<UserSession>> list(@RestPath String user) {
        return sessions.list(user);
    }

    @DELETE
    @RequiresRecentSignIn(seconds = AdminSessionsPageResource.RECENTLY)
    @Path("{user}")
    public Uni<Ended> endAll(@RestPath String user) {
        return sessions.endAll(user).map(Ended::new);
    }

    @DELETE
    @RequiresRecentSignIn(seconds = AdminSessionsPageResource.RECENTLY)
    @Path("{user}/{handle}")
    public Uni<RestResponse<Object>> end(@RestPath String user, @RestPath String handle) {
        return sessions.end(user, handle).map(SessionsResource::answer);
    }
}
