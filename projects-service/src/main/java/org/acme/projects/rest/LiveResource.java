package org.acme.projects.rest;

import io.smallrye.mutiny.Multi;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.ServiceUnavailableException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.acme.session.CurrentSession;
import org.jboss.resteasy.reactive.ResponseHeader;

/**
 * What changes, as a stream of events for the pages of one browser. It ends when the session does, and being open is no
 * activity.
 */
@Path("/live")
@RolesAllowed("user")
class LiveResource {

    private static final long RETRY_AFTER_SECONDS = 30;

    private final LiveStreams streams;
    private final Caller caller;
    private final CurrentSession session;

    LiveResource(LiveStreams streams, Caller caller, CurrentSession session) {
        this.streams = streams;
        this.caller = caller;
        this.session = session;
    }

    /** Not buffered by the proxy, which would keep events until it has enough of them. */
    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @ResponseHeader(name = "X-Accel-Buffering", value = "no")
    public Multi<OutboundSseEvent> live(@Context Sse sse) {
        if (streams.full()) {
            throw new ServiceUnavailableException(RETRY_AFTER_SECONDS);
        }
        return streams.open(caller.viewer(), session.fingerprint(), session.ended(), sse);
    }
}
