package org.acme.session.internal.http;

import jakarta.ws.rs.HttpMethod;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ServerRestHandler;

/** A stream that a resource writes itself: after a HEAD it is closed, and whoever holds the sink sees that. */
record SseSinkHandler(ServerRestHandler headers) implements ServerRestHandler {

    @Override
    public void handle(ResteasyReactiveRequestContext request) throws Exception {
        if (HttpMethod.HEAD.equals(request.getMethod())) {
            request.getSseEventSink().close();
        } else {
            headers.handle(request);
        }
    }
}
