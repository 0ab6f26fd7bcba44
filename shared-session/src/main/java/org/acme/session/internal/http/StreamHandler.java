package org.acme.session.internal.http;

import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.HttpMethod;
import java.util.concurrent.Flow;
import org.jboss.resteasy.reactive.RestMulti;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ServerRestHandler;
import org.reactivestreams.Publisher;

/**
 * For a HEAD, a stream is empty. Quarkus would subscribe to it and write what comes to nobody; until it ends, which a stream of
 * events does not, the exchange is not over, and whoever is given the connection next waits (RFC 9110, section 9.3.2). Not
 * subscribed to, it counts nowhere, and watches nothing.
 */
record StreamHandler(ServerRestHandler stream) implements ServerRestHandler {

    @Override
    public void handle(ResteasyReactiveRequestContext request) throws Exception {
        if (HttpMethod.HEAD.equals(request.getMethod()) && isStream(request.getResult())) {
            request.setResult(empty(request.getResult()));
        }
        stream.handle(request);
    }

    private static boolean isStream(Object result) {
        return result instanceof Flow.Publisher || result instanceof Publisher;
    }

    /** With the headers that are known before the first item. */
    private static Multi<Object> empty(Object stream) {
        Multi<Object> empty = Multi.createFrom().empty();
        if (!(stream instanceof RestMulti<?>)) {
            return empty;
        }
        RestMulti.SyncRestMulti.Builder<Object> answer = RestMulti.fromMultiData(empty);
        if (stream instanceof RestMulti.SyncRestMulti<?> known) {
            known.getHeaders().forEach((name, values) -> values.forEach(value -> answer.header(name, value)));
            if (known.getStatus() != null) {
                answer.status(known.getStatus());
            }
        }
        return answer.build();
    }
}
