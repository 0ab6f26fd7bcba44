package org.acme.session.internal.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * An {@code Accept} header that ends in a parameter without a value, {@code text/html;charset=}: Quarkus looks at the character
 * behind the last {@code =}, and fails (500, with a stack trace) where there is none. Written with quotes it means the same.
 */
@Singleton
class AcceptHeader {

    private static final int FIRST = 1_999_999;

    void register(@Observes Filters filters) {
        filters.register(AcceptHeader::complete, FIRST);
    }

    private static void complete(RoutingContext request) {
        String accept = request.request().getHeader(HttpHeaders.ACCEPT);
        if (accept != null && accept.stripTrailing().endsWith("=")) {
            request.request().headers().set(HttpHeaders.ACCEPT, accept.stripTrailing() + "\"\"");
        }
        request.next();
    }
}
