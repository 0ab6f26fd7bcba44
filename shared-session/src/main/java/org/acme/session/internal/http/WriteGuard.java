package org.acme.session.internal.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import org.acme.session.contract.BaseUrl;

/**
 * Lets only this site's own pages write with the session cookie: the browser says where a request comes from
 * (Sec-Fetch-Site, else Origin), and a page cannot change what it says. Neither header: refused. With {@code none}, a browser says that
 * its user did it and no page; Pale Moon says so of every form, so Origin decides then, too. A WebSocket counts as a write:
 * browsers let the pages of any site open one, with our cookie, and read what comes (RFC 6455, section 10.2).
 */
@Singleton
public class WriteGuard {

    private final BaseUrl baseUrl;

    WriteGuard(BaseUrl baseUrl) {
        this.baseUrl = baseUrl;
    }

    /** Whether the request may act with the cookie it brings. */
    public boolean allows(HttpServerRequest request) {
        return allows(request.method(), request);
    }

    /** The same for a request that is asked about by another one, whose method is not its own. */
    public boolean allows(HttpMethod method, HttpServerRequest request) {
        if (RequestKind.isSafe(method) && !RequestKind.opensWebSocket(request)) {
            return true;
        }
        String site = request.getHeader("Sec-Fetch-Site");
        return site == null || site.equals("none")
                ? baseUrl.origin().equals(request.getHeader(HttpHeaders.ORIGIN))
                : site.equals("same-origin");
    }
}
