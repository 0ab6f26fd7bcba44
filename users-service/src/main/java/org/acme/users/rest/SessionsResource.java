package org.acme.users.rest;

import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.acme.session.ProblemDetail;
import org.acme.session.UserSession;
import org.acme.session.UserSessions;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** Where I am signed in, for scripts: with the session or with a bearer token. */
@Path("/api/sessions")
@Authenticated
@Produces(MediaType.APPLICATION_JSON)
class SessionsResource {

    private final UserSessions sessions;

    SessionsResource(UserSessions sessions) {
        this.sessions = sessions;
    }

    /** @param ended how many sessions have ended */
    record Ended(int ended) {}

    @GET
    public Uni<List<UserSession>> list() {
        return sessions.list();
    }

    @DELETE
    public Uni<Ended> endAll() {
        return sessions.endAll().map(Ended::new);
    }

    @DELETE
    @Path("others")
    public Uni<Ended> endOthers() {
        return sessions.endOthers().map(Ended::new);
    }

    @DELETE
    @Path("{handle}")
    public Uni<RestResponse<Object>> end(@RestPath String handle) {
        return sessions.end(handle).map(SessionsResource::answer);
    }

    static RestResponse<Object> answer(boolean found) {
        return found
                ? RestResponse.noContent()
                : ProblemDetail.of(Status.NOT_FOUND, "There is no such session, or no longer.")
                        .response()
                        .build();
    }
}
