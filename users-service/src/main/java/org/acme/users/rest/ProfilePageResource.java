package org.acme.users.rest;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.acme.session.CurrentSession;
import org.acme.users.service.Visits;

/** Who am I, says who, and for how long. Asking for it while signed out starts the sign-in, which ends here. */
@Path("/profile")
@Authenticated
@Produces(MediaType.TEXT_HTML)
class ProfilePageResource {

    private final CurrentSession session;
    private final Visits visits;

    ProfilePageResource(CurrentSession session, Visits visits) {
        this.session = session;
        this.visits = visits;
    }

    @GET
    public Uni<TemplateInstance> profile() {
        Profile profile = Profile.of(session);
        return visits.countOneMore(session.attributes()).map(count -> Templates.profile(profile, count));
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        static native TemplateInstance profile(Profile profile, long visits);
    }
}
