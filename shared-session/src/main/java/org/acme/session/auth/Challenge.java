package org.acme.session.auth;

import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.acme.session.signin.SignInPaths;
import org.acme.session.signin.TenantSelection;
import org.acme.session.web.Answer;
import org.acme.session.web.Answers;
import org.acme.session.web.Area;
import org.acme.session.web.Asker;
import org.jboss.logging.Logger;

/**
 * What somebody gets who has to sign in first: a navigation is sent to the provider and comes back to the page it asked
 * for; a form and a script are told, for a redirect would lose what they sent, or their answer.
 */
@Singleton
class Challenge {

    private static final Logger LOG = Logger.getLogger(Challenge.class);

    private final OidcAuthenticationMechanism oidc;
    private final SignInPaths paths;
    private final Answers answers;

    Challenge(OidcAuthenticationMechanism oidc, SignInPaths paths, Answers answers) {
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
        TenantSelection.select(request, paths.providerFor(request.normalizedPath()));
        return oidc.getChallenge(request).map(Challenge::toAnswer).onFailure().recoverWithItem(failure -> {
            LOG.warnf("Nobody can sign in: %s", failure.getMessage());
            return answers.providerAway(request.request());
        });
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
