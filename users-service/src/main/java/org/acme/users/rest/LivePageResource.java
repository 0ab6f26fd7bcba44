package org.acme.users.rest;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.smallrye.common.annotation.NonBlocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.acme.session.CurrentSession;
import org.acme.session.FleetView;
import org.acme.users.rest.LiveConfig.Access;
import org.jboss.resteasy.reactive.ResponseHeader;

/** The fleet as it is, and what happens in it, while it happens. */
@Path("/live")
class LivePageResource {

    private static final long RETRY_AFTER_SECONDS = 30;

    private final LiveConfig config;
    private final LiveStreams streams;
    private final FleetView fleet;
    private final CurrentSession session;

    LivePageResource(LiveConfig config, LiveStreams streams, FleetView fleet, CurrentSession session) {
        this.config = config;
        this.streams = streams;
        this.fleet = fleet;
        this.session = session;
    }

    @GET
    @NonBlocking
    @Produces(MediaType.TEXT_HTML)
    public TemplateInstance page() {
        requireAccess();
        return Templates.live(isForEverybody(), fleet.nameOf(session));
    }

    /** Not buffered by the proxy, which would keep events until it has enough of them. Being open is no activity. */
    @GET
    @Path("events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @ResponseHeader(name = "X-Accel-Buffering", value = "no")
    public Multi<OutboundSseEvent> events(@Context Sse sse) {
        requireAccess();
        if (streams.full()) {
            throw new ServiceUnavailableException(RETRY_AFTER_SECONDS);
        }
        // What everybody may see ends with nobody's session; and the end of their own is what people want to see.
        return isForEverybody()
                ? streams.open(
                        session.isPresent() ? session.fingerprint() : "",
                        Uni.createFrom().nothing(),
                        sse)
                : streams.open(session.fingerprint(), session.ended(), sse);
    }

    private boolean isForEverybody() {
        return config.access() == Access.EVERYBODY;
    }

    private void requireAccess() {
        if (config.access() == Access.OFF) {
            throw new NotFoundException();
        }
        if (isForEverybody()) {
            return;
        }
        if (!session.isPresent()) {
            throw new UnauthorizedException();
        }
        if (!session.user().roles().contains("admin")) {
            throw new ForbiddenException();
        }
    }

    @CheckedTemplate(basePath = "")
    static class Templates {
        static native TemplateInstance live(boolean forEverybody, String yours);
    }
}
