package org.acme.session.internal.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.acme.session.contract.BaseUrl;
import org.acme.session.contract.CookieHeader;
import org.acme.session.contract.CookieSigner;
import org.acme.session.contract.SessionCookie;
import org.acme.session.contract.SessionId;
import org.acme.session.internal.observability.SessionAudit;

/** The session cookie of a request and its answer. */
@Singleton
public class RequestCookie {

    /** The form of a signed id, whoever signed it. */
    private static final Pattern SIGNED = Pattern.compile("s:[A-Za-z0-9_-]{16,128}\\.[A-Za-z0-9+/]{43}");

    private final SessionCookie cookie;
    private final CookieSigner signer;
    private final SessionAudit audit;
    private final String host;
    private final String root;

    RequestCookie(SessionCookie cookie, CookieSigner signer, SessionAudit audit, BaseUrl baseUrl, ServiceRoot root) {
        this.cookie = cookie;
        this.signer = signer;
        this.audit = audit;
        this.host = baseUrl.authority().replaceFirst(":\\d+$", "");
        this.root = root.path();
    }

    /** The session id that the request's cookie carries; empty without a cookie that we signed. */
    public Optional<SessionId> read(RoutingContext request) {
        return value(request).flatMap(this::verify);
    }

    private Optional<String> value(RoutingContext request) {
        return CookieHeader.first(request.request().headers().getAll(HttpHeaders.COOKIE), cookie.name());
    }

    /**
     * Whether the cookie that counts is none of ours: another application's, or of an instance with other secrets. With it, a browser
     * that has just signed in is nobody.
     */
    public boolean isForeign(RoutingContext request) {
        return value(request).filter(some -> signer.verify(some).isEmpty()).isPresent();
    }

    /** The same for a cookie's value that somebody forwarded as the browser sent it. */
    public Optional<SessionId> read(String value) {
        return CookieHeader.first(List.of(cookie.name() + "=" + value), cookie.name())
                .flatMap(this::verify);
    }

    private Optional<SessionId> verify(String value) {
        Optional<SessionId> id = signer.verify(value);
        if (id.isEmpty()) {
            audit.cookieRefused(
                    SIGNED.matcher(value).matches() ? SessionAudit.Cookie.FORGED : SessionAudit.Cookie.UNREADABLE);
        }
        return id;
    }

    /** Any other cookie of that name makes room for it. */
    public void set(RoutingContext request, SessionId id) {
        if (value(request).isPresent()) {
            cookie.clearOthers(host, root)
                    .forEach(other -> request.response().headers().add(HttpHeaders.SET_COOKIE, other));
        }
        request.response().headers().add(HttpHeaders.SET_COOKIE, cookie.set(signer.sign(id)));
    }

    public void clear(RoutingContext request) {
        request.response().headers().add(HttpHeaders.SET_COOKIE, cookie.clear());
    }
}
