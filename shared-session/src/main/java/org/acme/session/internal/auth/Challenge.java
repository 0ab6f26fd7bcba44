package org.acme.session.internal.auth;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Optional;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.http.AcceptedCredentials;
import org.acme.session.internal.http.HttpReply;
import org.acme.session.internal.http.Replies;
import org.acme.session.internal.http.RequestKind;
import org.acme.session.internal.http.StepUpRequirement;
import org.acme.session.internal.lifecycle.SessionResolver;
import org.acme.session.internal.oidc.AuthorizationRequests;
import org.acme.session.internal.oidc.Providers;
import org.acme.session.internal.oidc.SignInPaths;
import org.acme.session.log.RateLimitedLog;

/**
 * What somebody gets who has to sign in first: a navigation is sent to the provider and comes back to the page it asked
 * for; a form and a script are told, for a redirect would lose what they sent, or their answer.
 */
@Singleton
class Challenge {

    private final RateLimitedLog outage = new RateLimitedLog(Challenge.class);
    private final RateLimitedLog vain = new RateLimitedLog(Challenge.class);

    private final AuthorizationRequests requests;
    private final SignInPaths paths;
    private final Replies replies;
    private final CurrentIdentityAssociation identity;
    private final Providers providers;
    private final LastProvider lastProvider;
    private final boolean chooses;

    Challenge(
            AuthorizationRequests requests,
            SignInPaths paths,
            Replies replies,
            CurrentIdentityAssociation identity,
            Providers providers,
            LastProvider lastProvider,
            SsoConfig config) {
        this.lastProvider = lastProvider;
        this.identity = identity;
        this.providers = providers;
        this.chooses = config.providerSelection() && providers.titles().size() > 1;
        this.requests = requests;
        this.paths = paths;
        this.replies = replies;
    }

    Uni<HttpReply> answer(RoutingContext request) {
        boolean otherAuthorization = request.request().headers().contains(HttpHeaders.AUTHORIZATION);
        if (otherAuthorization
                || !AcceptedCredentials.of(request.normalizedPath()).takesSessions()) {
            return Uni.createFrom().item(replies.bearerOnly());
        }
        if (RequestKind.of(request.request()) != RequestKind.NAVIGATION) {
            return Uni.createFrom().item(replies.notSignedIn(request.request(), paths.signInUrl()));
        }
        Optional<String> named = paths.providerOf(request.normalizedPath());
        return (named.isPresent() ? Uni.createFrom().item(named) : lastProvider.of(request))
                .chain(provider -> signInAt(provider, request));
    }

    private Uni<HttpReply> signInAt(Optional<String> provider, RoutingContext request) {
        if (provider.isEmpty() && chooses) {
            return Uni.createFrom()
                    .item(HttpReply.redirect(
                            302, paths.signInPage(request.request().uri())));
        }
        return codeFlow(request, provider.orElseGet(providers::defaultProvider), Optional.empty());
    }

    private Uni<HttpReply> codeFlow(RoutingContext request, String provider, Optional<StepUpRequirement> wanted) {
        if (requests.wouldBeVain(request)) {
            vain.warn("A browser that has signed in comes back with a cookie that is not ours. If many do, do all"
                    + " instances have the same sso.cookie.secrets?");
            return Uni.createFrom().item(replies.cookieInTheWay());
        }
        Uni<HttpReply> away =
                requests.begin(request, provider, wanted).map(location -> HttpReply.redirect(302, location));
        return away.onFailure().recoverWithItem(failure -> {
            outage.warn("Nobody can sign in: %s", failure.getMessage());
            return replies.providerUnavailable(request.request());
        });
    }

    /** What somebody gets who is signed in, and has to prove once more, or better, who they are. */
    Uni<HttpReply> again(RoutingContext request, StepUpRequirement wanted) {
        SecurityIdentity who = identity.getIdentity();
        SessionRecord session = who.getAttribute(SessionResolver.SESSION);
        if (session == null || RequestKind.of(request.request()) != RequestKind.NAVIGATION) {
            return Uni.createFrom().item(replies.confirmFirst(request.request(), wanted));
        }
        return codeFlow(request, session.identity().provider(), Optional.of(wanted));
    }

    /** The same for callers that take no body. */
    Uni<ChallengeData> challenge(RoutingContext request) {
        return answer(request).map(reply -> new ChallengeData(reply.status(), new HashMap<>(reply.headers())));
    }
}
