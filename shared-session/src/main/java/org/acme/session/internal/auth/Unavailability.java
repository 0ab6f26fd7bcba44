package org.acme.session.internal.auth;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import org.acme.session.internal.http.HttpReply;
import org.acme.session.internal.http.Replies;
import org.acme.session.internal.http.RequestKind;
import org.acme.session.internal.http.ReturnUrl;
import org.acme.session.internal.lifecycle.TokensUnavailableException;
import org.acme.session.internal.oidc.SignInPaths;

/** What somebody gets of whose session nobody can tell, because the store or its provider does not answer. */
@Singleton
class Unavailability {

    private final SignInPaths paths;
    private final Replies replies;

    Unavailability(SignInPaths paths, Replies replies) {
        this.paths = paths;
        this.replies = replies;
    }

    HttpReply answer(RoutingContext request, Throwable failure) {
        if (!(failure instanceof TokensUnavailableException tokens)) {
            return replies.unavailable(request.request());
        }
        boolean callback = paths.providerOfCallback(request.normalizedPath()).isPresent();
        // A callback's address holds the code of a sign-in.
        String back = callback
                ? paths.home()
                : ReturnUrl.local(request.request().uri()).orElse(paths.home());
        return replies.tokensUnavailable(request.request(), back, paths.signInAt(tokens.provider()));
    }

    /**
     * Whether somebody is on the way to sign in again, which that page offers: a session whose tokens cannot be had must not keep
     * them from it. The new one replaces it.
     */
    boolean isOnTheWay(RoutingContext request, Throwable failure) {
        return failure instanceof TokensUnavailableException
                && RequestKind.isSafe(request.request().method())
                && paths.beginsSignIn(request.normalizedPath());
    }
}
