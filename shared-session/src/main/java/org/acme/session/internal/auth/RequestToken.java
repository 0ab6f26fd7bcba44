package org.acme.session.internal.auth;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.RequestScoped;
import java.net.URI;
import java.util.List;
import org.acme.session.CallerToken;
import org.acme.session.SessionEndedException;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.http.ExemptPaths;
import org.acme.session.internal.http.RequestKind;
import org.acme.session.internal.lifecycle.SessionResolver;

/** The caller's token, as the request's identity carries it. */
@RequestScoped
class RequestToken implements CallerToken {

    private final CurrentIdentityAssociation identity;
    private final CurrentVertxRequest request;
    private final ExemptPaths exempt;
    private final SessionResolver sessions;
    private final String issuedBy;
    private final List<URI> allowed;

    RequestToken(
            CurrentIdentityAssociation identity,
            CurrentVertxRequest request,
            ExemptPaths exempt,
            SessionResolver sessions,
            SsoConfig config) {
        this.identity = identity;
        this.request = request;
        this.exempt = exempt;
        this.sessions = sessions;
        this.issuedBy = config.defaultProvider();
        this.allowed = config.downstream().allowedUrls().orElse(List.of()).stream()
                .map(URI::create)
                .toList();
    }

    @Override
    public Uni<String> forCallTo(URI target) {
        if (allowed.stream().noneMatch(base -> isBelow(base, target))) {
            throw new IllegalArgumentException("sso.downstream.allowed-urls has no address that " + target.getScheme()
                    + "://" + target.getRawAuthority() + target.getRawPath() + " is below of");
        }
        SecurityIdentity caller = identity.getIdentity();
        SessionRecord session = caller.getAttribute(SessionResolver.SESSION);
        if (session == null) {
            return token(caller);
        }
        if (!session.identity().provider().equals(issuedBy)) {
            return Uni.createFrom().failure(new IllegalStateException("The session's token is not of " + issuedBy));
        }
        // Asked again, because that is what refreshes: a request can take longer than its token has to live.
        return find(session.id())
                .onItem()
                .ifNull()
                .failWith(() -> new SessionEndedException("The session has ended meanwhile"))
                .chain(RequestToken::token);
    }

    /** What a request calls is no more its user's activity than the request itself. */
    private Uni<SecurityIdentity> find(SessionId session) {
        RoutingContext asked = request.getCurrent();
        boolean activity = !RequestKind.isInBackground(asked.request())
                && !exempt.contain(asked.request().method(), asked.normalizedPath());
        return activity ? sessions.find(session) : sessions.findInBackground(session);
    }

    private static Uni<String> token(SecurityIdentity caller) {
        AccessTokenCredential credential = caller.getCredential(AccessTokenCredential.class);
        return credential == null
                ? Uni.createFrom().failure(new IllegalStateException("Nobody calls"))
                : Uni.createFrom().item(credential.getToken());
    }

    /** Same scheme, host and port, and a path that begins with it; no dot segment that would lead out of it again. */
    static boolean isBelow(URI base, URI target) {
        String path = target.getRawPath();
        return base.getScheme().equalsIgnoreCase(target.getScheme())
                && base.getRawAuthority().equals(target.getRawAuthority())
                && path != null
                && !path.contains("/.")
                && !path.toLowerCase(java.util.Locale.ROOT).contains("%2e")
                && path.startsWith(base.getRawPath().endsWith("/") ? base.getRawPath() : base.getRawPath() + "/");
    }
}
