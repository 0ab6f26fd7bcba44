package org.acme.layout;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.Authenticated;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.acme.session.CurrentUser;

/** A service as the layout's users write them. */
@Path("/")
class NotesResource {

    static final Instant WHEN = Instant.parse("2026-02-03T04:05:06Z");

    private final CurrentUser user;

    NotesResource(CurrentUser user) {
        this.user = user;
    }

    @GET
    @Produces(MediaType.TEXT_HTML)
    public Uni<TemplateInstance> home() {
        return Uni.createFrom()
                .item(Templates.notes(user.isPresent() ? user.get().name() : "", WHEN));
    }

    @GET
    @Path("private")
    @Authenticated
    @Produces(MediaType.TEXT_HTML)
    public TemplateInstance privately() {
        return Templates.notes(user.get().name(), WHEN);
    }

    @POST
    @Path("write")
    @Authenticated
    public String write() {
        return "written";
    }

    @GET
    @Path("broken")
    public String broken() {
        throw new IllegalStateException("The secret reason");
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        static native TemplateInstance notes(String name, Instant when);
    }
}
