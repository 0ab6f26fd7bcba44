package org.acme.session.internal.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/**
 * The target of a request (RFC 9112, section 3.2). Browsers send some characters in it as they were typed, such as
 * <code>{ } | ^ [ ] \</code> and a bare percent sign (WHATWG URL, "query state"), which RFC 3986 has no place for and what reads
 * it behind us stumbles over. So a service sees them encoded, which means the same.
 */
@Singleton
public class RequestTarget {

    private static final String AS_IT_CAME = RequestTarget.class.getName();

    /** Before everything else: what has looked at the target already would not see the other one. */
    private static final int FIRST = 2_000_000;

    void register(@Observes Filters filters) {
        filters.register(RequestTarget::encode, FIRST);
    }

    /** As the client sent it; each character is one byte. */
    public static String of(RoutingContext request) {
        String asItCame = request.get(AS_IT_CAME);
        return asItCame == null ? request.request().uri() : asItCame;
    }

    private static void encode(RoutingContext request) {
        String target = request.request().uri();
        if (request.get(AS_IT_CAME) != null || !target.startsWith("/")) {
            request.next();
            return;
        }
        String encoded = ReturnUrl.encodedTarget(target);
        if (encoded.equals(target)) {
            request.next();
            return;
        }
        request.put(AS_IT_CAME, target);
        request.reroute(encoded);
    }
}
