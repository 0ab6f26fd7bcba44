package org.acme.session.auth;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.acme.session.life.TokensUnavailableException;
import org.acme.session.signin.SignInPaths;
import org.acme.session.web.Answer;
import org.acme.session.web.Answers;
import org.acme.session.web.Asker;
import org.acme.session.web.ReturnUrl;

/** What somebody gets of whose session nobody can tell, because the store or its provider does not answer. */
@Singleton
class Unavailability {

    private final SignInPaths paths;
    private final Answers answers;

    Unavailability(SignInPaths paths, Answers answers) {
        this.paths = paths;
        this.answers = answers;
    }

    Answer answer(RoutingContext request, Throwable failure) {
        if (!(failure instanceof TokensUnavailableException tokens)) {
            return answers.unavailable(request.request());
        }
        boolean callback = paths.providerOfCallback(request.normalizedPath()).isPresent();
        // A callback's address holds the code of a sign-in.
        String back = callback
                ? paths.home()
                : ReturnUrl.local(request.request().uri()).orElse(paths.home());
        return answers.tokensUnavailable(request.request(), back, paths.signInAt(tokens.provider()));
    }

    /**
     * Whether somebody is on the way to sign in again, which that page offers: a session whose tokens cannot be had must not keep
     * them from it. The new one replaces it.
     */
    boolean isOnTheWay(RoutingContext request, Throwable failure) {
        return failure instanceof TokensUnavailableException
                && Asker.isSafe(request.request().method())
                && paths.beginsSignIn(request.normalizedPath());
    }
}
