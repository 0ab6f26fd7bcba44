package org.acme.session.auth;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Optional;
import org.acme.session.SsoConfig;
import org.acme.session.contract.SessionRecord;
import org.acme.session.life.SessionFinder;
import org.acme.session.log.RateLimitedLog;
import org.acme.session.provider.Providers;
import org.acme.session.signin.AuthorizationRequests;
import org.acme.session.signin.SignInPaths;
import org.acme.session.web.Answer;
import org.acme.session.web.Answers;
import org.acme.session.web.Area;
import org.acme.session.web.Asker;
import org.acme.session.web.StepUp;

/**
 * What somebody gets who has to sign in first: a navigation is sent to the provider and comes back to the page it asked
 * for; a form and a script are told, for a redirect would lose what they sent, or their answer.
 */
@Singleton
class Challenge {

    private final RateLimitedLog outage = new RateLimitedLog(Challenge.class);

    private final AuthorizationRequests requests;
    private final SignInPaths paths;
    private final Answers answers;
    private final CurrentIdentityAssociation identity;
    private final Providers providers;
    private final LastProvider lastProvider;
    private final boolean chooses;

    Challenge(
            AuthorizationRequests requests,
            SignInPaths paths,
            Answers answers,
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
        this.answers = answers;
    }

    Uni<Answer> answer(RoutingContext request) {
        boolean otherAuthorization = request.request().headers().contains(HttpHeaders.AUTHORIZATION);
        if (otherAuthorization || !Area.of(request.normalizedPath()).takesSessions()) {
            return Uni.createFrom().item(answers.bearerOnly());
        }
        if (Asker.of(request.request()) != Asker.NAVIGATION) {
            return Uni.createFrom().item(answers.notSignedIn(request.request(), paths.signInUrl()));
        }
        Optional<String> named = paths.providerOf(request.normalizedPath());
        return (named.isPresent() ? Uni.createFrom().item(named) : lastProvider.of(request))
                .chain(provider -> signInAt(provider, request));
    }

    private Uni<Answer> signInAt(Optional<String> provider, RoutingContext request) {
        if (provider.isEmpty() && chooses) {
            return Uni.createFrom()
                    .item(Answer.redirect(
                            302, paths.signInPage(request.request().uri())));
        }
        return codeFlow(request, provider.orElseGet(providers::defaultProvider), Optional.empty());
    }

    private Uni<Answer> codeFlow(RoutingContext request, String provider, Optional<StepUp> wanted) {
        Uni<Answer> away = requests.begin(request, provider, wanted).map(location -> Answer.redirect(302, location));
        return away.onFailure().recoverWithItem(failure -> {
            outage.warn("Nobody can sign in: %s", failure.getMessage());
            return answers.providerAway(request.request());
        });
    }

    /** What somebody gets who is signed in, and has to prove once more, or better, who they are. */
    Uni<Answer> again(RoutingContext request, StepUp wanted) {
        SecurityIdentity who = identity.getIdentity();
        SessionRecord session = who.getAttribute(SessionFinder.SESSION);
        if (session == null || Asker.of(request.request()) != Asker.NAVIGATION) {
            return Uni.createFrom().item(answers.confirmFirst(request.request(), wanted));
        }
        return codeFlow(request, session.identity().provider(), Optional.of(wanted));
    }

    /** The same for callers that take no body. */
    Uni<ChallengeData> challenge(RoutingContext request) {
        return answer(request).map(answer -> new ChallengeData(answer.status(), new HashMap<>(answer.headers())));
    }
}
