package org.acme.session.internal.auth;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.identity.request.TokenAuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;
import java.util.Optional;
import java.util.Set;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.SessionId;
import org.acme.session.internal.bearer.BearerTokens;
import org.acme.session.internal.http.AcceptedCredentials;
import org.acme.session.internal.http.ExemptPaths;
import org.acme.session.internal.http.HttpReply;
import org.acme.session.internal.http.Replies;
import org.acme.session.internal.http.RequestCookie;
import org.acme.session.internal.http.RequestKind;
import org.acme.session.internal.http.ServiceRoot;
import org.acme.session.internal.http.WriteGuard;
import org.acme.session.internal.lifecycle.SessionResolver;
import org.acme.session.internal.observability.SessionAudit;
import org.acme.session.internal.oidc.SignInPaths;

/**
 * Decides who a request is from. {@code Authorization} wins and is never fallen through from; a sign-in's callback goes
 * to the code flow; otherwise the session cookie counts. Static files and health never get here as far as the session
 * is concerned.
 */
@ApplicationScoped
@Alternative
@Priority(1)
class SessionMechanism implements HttpAuthenticationMechanism {

    /** In the data of a request for whose session Redis was asked. */
    static final String REDIS_ASKED = SessionMechanism.class.getName();

    private final ServiceRoot root;
    private final SignInPaths paths;
    private final BearerTokens bearer;
    private final Callback callback;
    private final RequestCookie cookie;
    private final WriteGuard writeGuard;
    private final ExemptPaths exempt;
    private final SessionResolver sessions;
    private final Challenge challenge;
    private final Replies replies;
    private final Unavailability unavailability;
    private final SessionAudit audit;

    SessionMechanism(
            ServiceRoot root,
            SignInPaths paths,
            BearerTokens bearer,
            Callback callback,
            RequestCookie cookie,
            WriteGuard writeGuard,
            ExemptPaths exempt,
            SessionResolver sessions,
            Challenge challenge,
            Replies replies,
            Unavailability unavailability,
            SessionAudit audit) {
        this.root = root;
        this.paths = paths;
        this.bearer = bearer;
        this.callback = callback;
        this.cookie = cookie;
        this.writeGuard = writeGuard;
        this.exempt = exempt;
        this.sessions = sessions;
        this.challenge = challenge;
        this.replies = replies;
        this.unavailability = unavailability;
        this.audit = audit;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext request, IdentityProviderManager identityProviders) {
        String path = request.normalizedPath();
        if (root.isSameForAll(path)) {
            return nobody();
        }
        // What depends on who asks is nobody else's to keep (ASVS 5.0, 14.3.2). A resource that knows better says so.
        request.response().headers().set(HttpHeaders.CACHE_CONTROL, "no-store");
        AcceptedCredentials accepted = AcceptedCredentials.of(path);
        if (request.request().headers().contains(HttpHeaders.AUTHORIZATION)) {
            // A page takes no bearer token, and no cookie beside one.
            return accepted.takesBearerTokens()
                    ? orAnswered(request, bearer.authenticate(request, identityProviders))
                    : nobody();
        }
        Optional<String> provider = paths.providerOfCallback(path);
        if (provider.isPresent()) {
            return orAnswered(request, callback.authenticate(request, provider.get(), identityProviders));
        }
        Optional<SessionId> id = accepted.takesSessions() ? cookie.read(request) : Optional.empty();
        if (id.isEmpty()) {
            return nobody();
        }
        if (!writeGuard.allows(request.request())) {
            audit.requestRefused(SessionAudit.Guard.WRITE, id);
            return answered(request, replies.writeFromElsewhere(request.request()));
        }
        return orAnswered(request, find(request, path, id.get()));
    }

    private Uni<SecurityIdentity> find(RoutingContext request, String path, SessionId id) {
        HttpMethod method = request.request().method();
        Runnable asks = () -> request.put(REDIS_ASKED, true);
        if (exempt.contain(method, path)) {
            // What ends a session needs its refresh token; who only looks has it refreshed beside.
            return RequestKind.isSafe(method) ? sessions.findRefreshingBeside(id, asks) : sessions.findUnrefreshed(id);
        }
        return RequestKind.isInBackground(request.request()) ? sessions.findInBackground(id) : sessions.find(id, asks);
    }

    private Uni<SecurityIdentity> orAnswered(RoutingContext request, Uni<SecurityIdentity> identity) {
        return identity.onFailure(SessionUnavailableException.class)
                .recoverWithUni(failure -> unavailability.isOnTheWay(request, failure)
                        ? nobody()
                        : answered(request, unavailability.answer(request, failure)));
    }

    /** Quarkus goes no further with a request whose answer has been written. */
    private static Uni<SecurityIdentity> answered(RoutingContext request, HttpReply reply) {
        reply.writeTo(request);
        return nobody();
    }

    private static Uni<SecurityIdentity> nobody() {
        return Uni.createFrom().nullItem();
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext request) {
        return challenge.challenge(request);
    }

    @Override
    public Uni<Boolean> sendChallenge(RoutingContext request) {
        return challenge.answer(request).invoke(reply -> reply.writeTo(request)).replaceWith(true);
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of(TokenAuthenticationRequest.class);
    }
}
