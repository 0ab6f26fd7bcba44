package org.acme.session.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.acme.session.contract.CookieHeader;
import org.acme.session.contract.CookieSigner;
import org.acme.session.contract.SessionCookie;
import org.acme.session.contract.SessionId;

/** The session cookie of a request and its answer. */
@Singleton
public class RequestCookie {

    private final SessionCookie cookie;
    private final CookieSigner signer;

    RequestCookie(SessionCookie cookie, CookieSigner signer) {
        this.cookie = cookie;
        this.signer = signer;
    }

    /** The session id that the request's cookie carries; empty without a cookie that we signed. */
    public Optional<SessionId> read(RoutingContext request) {
        return CookieHeader.first(request.request().headers().getAll(HttpHeaders.COOKIE), cookie.name())
                .flatMap(signer::verify);
    }

    public void set(RoutingContext request, SessionId id) {
        request.response().headers().add(HttpHeaders.SET_COOKIE, cookie.set(signer.sign(id)));
    }

    public void clear(RoutingContext request) {
        request.response().headers().add(HttpHeaders.SET_COOKIE, cookie.clear());
    }
}
