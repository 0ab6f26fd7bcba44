package org.acme.users.rest;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.acme.session.CurrentSession;

/** The way in, which nginx shows at {@code /} too. Open to everybody; it knows who is signed in. */
@Path("/")
@Produces(MediaType.TEXT_HTML)
class HomePageResource {

    private final CurrentSession session;

    HomePageResource(CurrentSession session) {
        this.session = session;
    }

    @GET
    @NonBlocking
    public TemplateInstance home() {
        return session.isPresent()
                ? Templates.home("Hello, " + session.user().name(), true)
                : Templates.home("One sign-in for everything", false);
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        static native TemplateInstance home(String title, boolean signedIn);
    }
}
