package org.acme.session.internal.observability;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;
import org.jboss.logging.MDC;

/** Puts the proxy's {@code X-Request-Id} into every log line of a request, so that both logs can be read together. */
@Singleton
class RequestId {

    /** In log lines. */
    static final String NAME = "requestId";

    private static final String HEADER = "X-Request-Id";
    private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    /** Before authentication, which has something to log. */
    private static final int FIRST = 1_000_000;

    void register(@Observes Filters filters) {
        filters.register(RequestId::remember, FIRST);
    }

    private static void remember(RoutingContext request) {
        String id = request.request().getHeader(HEADER);
        if (id != null && HARMLESS.matcher(id).matches()) {
            MDC.put(NAME, id);
        }
        request.next();
    }
}
