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
    private final HomeConfig config;
    private final LiveConfig live;

    HomePageResource(CurrentSession session, HomeConfig config, LiveConfig live) {
        this.session = session;
        this.config = config;
        this.live = live;
    }

    @GET
    @NonBlocking
    public TemplateInstance home() {
        boolean signedIn = session.isPresent();
        return Templates.home(
                signedIn ? "Hello, " + session.user().name() : "One sign-in for everything",
                signedIn,
                config.tour(),
                maySeeTheFleet(signedIn),
                config.accountConsole().orElse(""));
    }

    private boolean maySeeTheFleet(boolean signedIn) {
        return switch (live.access()) {
            case EVERYBODY -> true;
            case ADMINISTRATORS -> signedIn && session.user().roles().contains("admin");
            case OFF -> false;
        };
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        static native TemplateInstance home(
                String title, boolean signedIn, boolean tour, boolean liveView, String accountConsole);
    }
}
