package org.acme.session.internal.auth;

import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.core.Response;
import org.acme.session.CurrentUser;
import org.acme.session.SessionEndedException;
import org.acme.session.SessionUnavailableException;
import org.acme.session.internal.bearer.BearerTokens;
import org.acme.session.internal.bearer.InsufficientScopeException;
import org.acme.session.internal.http.BearerError;
import org.acme.session.internal.http.HttpReply;
import org.acme.session.internal.http.Replies;
import org.acme.session.internal.stepup.StepUpException;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns what resources fail with into the answers of the shared session. */
@Singleton
class SecurityFailures {

    private final Challenge challenge;
    private final Replies replies;
    private final Unavailability unavailability;
    private final CurrentUser user;
    private final CurrentIdentityAssociation identity;

    SecurityFailures(
            Challenge challenge,
            Replies replies,
            Unavailability unavailability,
            CurrentUser user,
            CurrentIdentityAssociation identity) {
        this.unavailability = unavailability;
        this.user = user;
        this.identity = identity;
        this.challenge = challenge;
        this.replies = replies;
    }

    @ServerExceptionMapper({UnauthorizedException.class, SessionEndedException.class})
    Uni<Response> notSignedIn(RoutingContext request) {
        return challenge.answer(request).map(HttpReply::toResponse);
    }

    /** JAX-RS looks at Accept before it looks at roles. Who is nobody yet is asked to sign in first all the same. */
    @ServerExceptionMapper(NotAcceptableException.class)
    Uni<Response> notAcceptable(NotAcceptableException wrongType, RoutingContext request) {
        if (!user.isPresent()) {
            return notSignedIn(request);
        }
        Response theirs = wrongType.getResponse();
        return Uni.createFrom()
                .item(theirs.hasEntity() ? theirs : replies.notAcceptable().toResponse());
    }

    /** {@link InsufficientScopeException} included. */
    @ServerExceptionMapper
    Response forbidden(ForbiddenException refused, RoutingContext request) {
        if (identity.getIdentity().getAttribute(BearerTokens.SCOPES) == null) {
            return replies.forbidden(request.request()).toResponse();
        }
        return replies.refused(
                        refused instanceof InsufficientScopeException scope
                                ? BearerError.insufficientScope(scope.scope())
                                : BearerError.insufficientRole())
                .toResponse();
    }

    @ServerExceptionMapper
    Uni<Response> stepUp(StepUpException refused, RoutingContext request) {
        return challenge.again(request, refused.wanted()).map(HttpReply::toResponse);
    }

    /** {@link org.acme.session.internal.lifecycle.TokensUnavailableException} included. */
    @ServerExceptionMapper
    Response unavailable(SessionUnavailableException away, RoutingContext request) {
        return unavailability.answer(request, away).toResponse();
    }
}
