package org.acme.layout;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.regex.Pattern;

/**
 * Lets Dev UI and Swagger UI work in dev mode: they bring inline scripts and styles, which the Content Security Policy of all pages
 * forbids. Only their addresses get another one, and only dev mode has this class: packaged services leave it out.
 *
 * <p>A filter, because {@code quarkus.http.header} cannot replace a header for some paths: which of two entries comes last is not
 * defined, and {@code quarkus.http.filter} adds a second policy, which cannot relax the first.
 */
@IfBuildProfile("dev")
@ApplicationScoped
class DevToolsPolicy {

    private static final Pattern TOOLS = Pattern.compile(".*/q/(dev-ui|swagger-ui)(/.*)?");
    private static final String POLICY =
            "default-src 'self' 'unsafe-inline' 'unsafe-eval' data: blob: ws: wss:; frame-ancestors 'self'";

    void relax(@Observes Filters filters) {
        filters.register(DevToolsPolicy::relax, 100);
    }

    private static void relax(RoutingContext request) {
        if (TOOLS.matcher(request.normalizedPath()).matches()) {
            request.response().putHeader("Content-Security-Policy", POLICY);
        }
        request.next();
    }
}
