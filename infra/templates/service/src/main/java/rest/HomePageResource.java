package org.acme.@NAME@.rest;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.acme.session.CurrentUser;

/** The way in. Who is not signed in is sent to the provider, and comes back here. */
@Path("/")
@Authenticated
@Produces(MediaType.TEXT_HTML)
class HomePageResource {

    private final CurrentUser user;

    HomePageResource(CurrentUser user) {
        this.user = user;
    }

    @GET
    @NonBlocking
    public TemplateInstance home() {
        return Templates.home(user.get().name());
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        static native TemplateInstance home(String name);
    }
}
