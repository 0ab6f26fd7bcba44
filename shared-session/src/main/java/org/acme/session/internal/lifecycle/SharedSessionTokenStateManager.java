package org.acme.session.internal.lifecycle;

import io.quarkus.oidc.AuthorizationCodeTokens;
import io.quarkus.oidc.OidcRequestContext;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.TokenStateManager;
import io.quarkus.oidc.runtime.OidcUtils;
import io.quarkus.security.AuthenticationFailedException;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;

/**
 * Where quarkus-oidc would put the tokens of a finished code flow into its own session, we begin the shared one. It then
 * sets a cookie of its own with the constant returned here, which we take out of the answer: with that cookie in the
 * request it would ignore the code and state of the next callback, and other tabs would lose their links.
 */
@ApplicationScoped
@Alternative
@Priority(1)
class SharedSessionTokenStateManager implements TokenStateManager {

    private static final String NOTHING = "-";

    private final SessionStarter starter;

    SharedSessionTokenStateManager(SessionStarter starter) {
        this.starter = starter;
    }

    @Override
    public Uni<String> createTokenState(
            RoutingContext request,
            OidcTenantConfig tenant,
            AuthorizationCodeTokens tokens,
            OidcRequestContext<String> blocking) {
        String leftover = OidcUtils.SESSION_COOKIE_NAME + OidcUtils.getCookieSuffix(tenant);
        request.addHeadersEndHandler(ignored -> request.response().removeCookie(leftover, false));
        return starter.start(request, tenant.tenantId().orElseThrow(), tokens).replaceWith(NOTHING);
    }

    /** There is never such a session, whatever cookie a request brings. */
    @Override
    public Uni<AuthorizationCodeTokens> getTokens(
            RoutingContext request,
            OidcTenantConfig tenant,
            String state,
            OidcRequestContext<AuthorizationCodeTokens> blocking) {
        return Uni.createFrom().failure(new AuthenticationFailedException("quarkus-oidc keeps no session here"));
    }

    @Override
    public Uni<Void> deleteTokens(
            RoutingContext request, OidcTenantConfig tenant, String state, OidcRequestContext<Void> blocking) {
        return Uni.createFrom().voidItem();
    }
}
