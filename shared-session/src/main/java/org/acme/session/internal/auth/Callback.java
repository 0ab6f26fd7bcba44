package org.acme.session.internal.auth;

import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.AuthenticationRedirectException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.SessionId;
import org.acme.session.internal.cache.CurrentContext;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.http.HttpReply;
import org.acme.session.internal.http.Replies;
import org.acme.session.internal.http.RequestCookie;
import org.acme.session.internal.lifecycle.SessionResolver;
import org.acme.session.internal.lifecycle.SignedOffJustNowException;
import org.acme.session.internal.lifecycle.WeakSignInException;
import org.acme.session.internal.observability.SessionAudit;
import org.acme.session.internal.observability.SessionAudit.SignIn;
import org.acme.session.internal.oidc.AuthorizationRequests;
import org.acme.session.internal.oidc.CallbackGuard;
import org.acme.session.internal.oidc.CodeRefusedException;
import org.acme.session.internal.oidc.ProviderUnavailableException;
import org.acme.session.internal.oidc.SignInPaths;
import org.acme.session.internal.oidc.SignInState;
import org.acme.session.internal.oidc.SsoTenantResolver;
import org.acme.session.log.RateLimitedLog;

/** The end of a sign-in. quarkus-oidc completes it; whatever else arrives here ends on a page, never in a loop. */
@Singleton
class Callback {

    /** As RFC 6749, section 4.1.2.1, has them. */
    private static final Pattern ERROR_CODE = Pattern.compile("[a-z_]{1,64}");

    /**
     * Nobody has said no: the provider wants to begin anew, or to show a page first. Keycloak says the first of a page that was
     * left open for too long while its user signed in in another tab (OIDC Core 1.0, section 3.1.2.6).
     */
    private static final Set<String> BEGIN_ANEW = Set.of(
            "temporarily_unavailable",
            "login_required",
            "interaction_required",
            "account_selection_required",
            "consent_required");

    /** After it a provider's clock shows another second, also one that is a second behind ours. */
    private static final Duration NEXT_SECOND = Duration.ofSeconds(2);

    private final RateLimitedLog refusals = new RateLimitedLog(Callback.class);
    private final RateLimitedLog failures = new RateLimitedLog(Callback.class);
    private final RateLimitedLog notAccepted = new RateLimitedLog(Callback.class);

    private final OidcAuthenticationMechanism oidc;
    private final AuthorizationRequests requests;
    private final CallbackGuard guard;
    private final SignInPaths paths;
    private final RequestCookie cookie;
    private final SessionResolver sessions;
    private final Replies replies;
    private final SessionAudit audit;

    /** For a provider that begins to answer, and does not go on; shorter than the proxy waits for us. */
    private final Duration limit;

    Callback(
            OidcAuthenticationMechanism oidc,
            AuthorizationRequests requests,
            CallbackGuard guard,
            SignInPaths paths,
            RequestCookie cookie,
            SessionResolver sessions,
            Replies replies,
            SessionAudit audit,
            SsoConfig config) {
        // Beside its code, keys and a user may have to be asked for.
        this.limit = config.refresh().requestTimeout().multipliedBy(3).dividedBy(2);
        this.oidc = oidc;
        this.requests = requests;
        this.guard = guard;
        this.paths = paths;
        this.cookie = cookie;
        this.sessions = sessions;
        this.replies = replies;
        this.audit = audit;
    }

    /** Completes the sign-in with a redirect, or answers the request; there is never an identity on this path itself. */
    Uni<SecurityIdentity> authenticate(
            RoutingContext request, String provider, IdentityProviderManager identityProviders) {
        Optional<SignInState> signIn = guard.signInOf(request, provider);
        if (signIn.isEmpty()) {
            return landOrExplain(request, paths.home(), replies.signInDidNotFinish(Optional.empty()));
        }
        SignInState state = signIn.get();
        HttpReply anew = replies.signInDidNotFinish(Optional.of(paths.signInAgain(provider, state)));
        Uni<Verdict> verdict = guard.allows(request, provider, state)
                .map(allowed -> allowed ? Verdict.OURS : Verdict.FOREIGN)
                .onFailure()
                .recoverWithItem(Verdict.PROVIDER_UNAVAILABLE);
        return verdict.chain(is -> switch (is) {
            case OURS -> end(request, provider, state, identityProviders);
            case FOREIGN -> landOrExplain(request, state.link(), anew);
            case PROVIDER_UNAVAILABLE -> providerUnavailable(request, provider);
        });
    }

    private Uni<SecurityIdentity> providerUnavailable(RoutingContext request, String provider) {
        audit.signInEnded(provider, SignIn.PROVIDER_UNAVAILABLE);
        return answer(request, replies.providerUnavailable(request.request()));
    }

    private enum Verdict {
        OURS,
        FOREIGN,
        PROVIDER_UNAVAILABLE
    }

    private Uni<SecurityIdentity> end(
            RoutingContext request, String provider, SignInState state, IdentityProviderManager identityProviders) {
        String error = request.queryParams().get("error");
        guard.use(request, state);
        return error == null
                ? complete(request, provider, state, identityProviders)
                : refused(request, provider, state, error);
    }

    private Uni<SecurityIdentity> refused(RoutingContext request, String provider, SignInState state, String error) {
        if (BEGIN_ANEW.contains(error) && !state.again()) {
            return beginAnew(request, provider, state);
        }
        // Whoever began a sign-in can write what he likes into these parameters, so into this line.
        refusals.warn(
                "%s refused a sign-in: %s", provider, ERROR_CODE.matcher(error).matches() ? error : "unreadable");
        audit.signInEnded(provider, SignIn.REFUSED);
        return answer(request, replies.signInRefused(paths.signInAgain(provider, state)));
    }

    private Uni<SecurityIdentity> beginAnew(RoutingContext request, String provider, SignInState state) {
        return requests.again(request, provider, state)
                .chain(location -> answer(request, HttpReply.redirect(302, location)))
                .onFailure()
                .recoverWithUni(() -> providerUnavailable(request, provider));
    }

    private Uni<SecurityIdentity> complete(
            RoutingContext request, String provider, SignInState state, IdentityProviderManager identityProviders) {
        SsoTenantResolver.select(request, provider);
        guard.prepare(request, provider, state);
        return CurrentContext.resume(oidc.authenticate(request, identityProviders)
                        .ifNoItem()
                        .after(limit)
                        .fail())
                .onFailure(AuthenticationRedirectException.class)
                .recoverWithUni(() -> answer(request, HttpReply.redirect(303, state.link())))
                .onFailure()
                .recoverWithUni(failure -> explain(request, provider, state, failure));
    }

    /** quarkus-oidc wraps what our own part of the sign-in failed with. */
    private Uni<SecurityIdentity> explain(
            RoutingContext request, String provider, SignInState state, Throwable failure) {
        Throwable root = failure;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SessionUnavailableException unavailable) {
                audit.signInEnded(provider, SignIn.STORE_UNAVAILABLE);
                return Uni.createFrom().failure(unavailable);
            }
            if (cause instanceof WeakSignInException) {
                audit.signInEnded(provider, SignIn.FAILED);
                return answer(request, replies.signInTooWeak());
            }
            if (cause instanceof CodeRefusedException refused && !refused.isAboutTheCode()) {
                return notSetUp(request, provider, refused);
            }
            if (cause instanceof SignedOffJustNowException && !state.again()) {
                return CurrentContext.resume(
                                Uni.createFrom().voidItem().onItem().delayIt().by(NEXT_SECOND))
                        .chain(() -> beginAnew(request, provider, state));
            }
            root = cause;
        }
        // quarkus-oidc goes on with the cause of a failed code exchange, and a closed connection has none.
        if (ProviderUnavailableException.isBehind(failure) || root instanceof NullPointerException) {
            return providerUnavailable(request, provider);
        }
        audit.signInEnded(provider, SignIn.FAILED);
        // Its class, or an error code: what a provider says may quote the code of the sign-in.
        failures.warn(
                "A sign-in did not finish: %s",
                root instanceof CodeRefusedException refused
                        ? refused.error()
                        : root.getClass().getSimpleName());
        return answer(request, replies.signInDidNotFinish(Optional.of(paths.signInAgain(provider, state))));
    }

    /** No code would have been good: whoever runs this has something to put right. */
    private Uni<SecurityIdentity> notSetUp(RoutingContext request, String provider, CodeRefusedException refused) {
        audit.signInEnded(provider, SignIn.FAILED);
        notAccepted.warn(
                "%s gives no tokens for sign-ins: %s. Are sso.providers.%s.client-id and client-secret what it knows, and is this"
                        + " service's callback registered there?",
                provider, refused.error(), provider);
        return answer(request, replies.notSetUp());
    }

    /** Back, reload, a late tab: who is signed in goes on; others are told, and may begin anew. */
    private Uni<SecurityIdentity> landOrExplain(RoutingContext request, String page, HttpReply explanation) {
        Optional<SessionId> id = cookie.read(request);
        audit.requestRefused(SessionAudit.Guard.CALLBACK, id);
        if (id.isEmpty()) {
            return answer(request, explanation);
        }
        return sessions.findUnrefreshed(id.get())
                .chain(identity -> answer(request, identity == null ? explanation : HttpReply.redirect(303, page)));
    }

    private static Uni<SecurityIdentity> answer(RoutingContext request, HttpReply reply) {
        reply.writeTo(request);
        return Uni.createFrom().nullItem();
    }
}
