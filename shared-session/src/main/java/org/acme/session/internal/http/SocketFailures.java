package org.acme.session.internal.http;

import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * A request for a WebSocket that asks for none, or for a version that there is not (RFC 6455, section 4.4). Vert.x has answered
 * it, with 400 or 426, before it fails; Quarkus would log a stack trace for each.
 */
@Singleton
class SocketFailures {

    @ServerExceptionMapper
    Response noHandshake(WebSocketHandshakeException answered) {
        return Response.status(Response.Status.BAD_REQUEST).build();
    }
}
