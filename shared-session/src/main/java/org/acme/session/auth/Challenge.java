package org.acme.session.auth;

import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.acme.session.SsoConfig;
import org.acme.session.contract.SessionRecord;
import org.acme.session.life.SessionFinder;
import org.acme.session.log.RateLimitedLog;
import org.acme.session.provider.Providers;
import org.acme.session.signin.AskedOfProvider;
import org.acme.session.signin.SignInPaths;
import org.acme.session.signin.TenantSelection;
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

    private final OidcAuthenticationMechanism oidc;
    private final SignInPaths paths;
    private final Answers answers;
    private final CurrentIdentityAssociation identity;
    private final Providers providers;
    private final LastProvider lastProvider;
    private final boolean chooses;

    Challenge(
            OidcAuthenticationMechanism oidc,
            SignInPaths paths,
            Answers answers,
            CurrentIdentityAssociation identity,
            Providers providers,
            LastProvider lastProvider,
            SsoConfig config) {
        this.lastProvider = lastProvider;
        this.identity = identity;
        this.providers = providers;
        this.chooses = config.chooseProvider() && providers.titles().size() > 1;
        this.oidc = oidc;
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
        TenantSelection.select(request, provider.orElseGet(providers::defaultProvider));
        return codeFlow(request);
    }

    private Uni<Answer> codeFlow(RoutingContext request) {
        return oidc.getChallenge(request).map(Challenge::toAnswer).onFailure().recoverWithItem(failure -> {
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
        TenantSelection.select(request, session.identity().provider());
        AskedOfProvider.ask(request, wanted);
        return codeFlow(request);
    }

    /** The same for callers that take no body. */
    Uni<ChallengeData> challenge(RoutingContext request) {
        return answer(request).map(answer -> new ChallengeData(answer.status(), new HashMap<>(answer.headers())));
    }

    private static Answer toAnswer(ChallengeData data) {
        return new Answer(
                data.status,
                data.getHeaders().entrySet().stream()
                        .collect(Collectors.toMap(e -> e.getKey().toString(), Map.Entry::getValue)),
                "");
    }
}
