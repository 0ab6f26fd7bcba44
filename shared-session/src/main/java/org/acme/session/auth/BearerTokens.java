package org.acme.session.auth;

import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.acme.session.SignedInUser;
import org.acme.session.contract.Digests;
import org.acme.session.life.SessionFinder;
import org.acme.session.provider.Providers;
import org.acme.session.store.SessionIndex;
import org.eclipse.microprofile.jwt.JsonWebToken;

/** Requests with {@code Authorization}: quarkus-oidc verifies the token, and we refuse those of an ended session. */
@Singleton
class BearerTokens {

    private final OidcAuthenticationMechanism oidc;
    private final SessionIndex index;
    private final Providers providers;

    BearerTokens(OidcAuthenticationMechanism oidc, SessionIndex index, Providers providers) {
        this.oidc = oidc;
        this.index = index;
        this.providers = providers;
    }

    Uni<SecurityIdentity> authenticate(RoutingContext request, IdentityProviderManager identityProviders) {
        return oidc.authenticate(request, identityProviders)
                .onItem()
                .ifNotNull()
                .transformToUni(this::acceptedUnlessEnded);
    }

    private Uni<SecurityIdentity> acceptedUnlessEnded(SecurityIdentity identity) {
        if (!(identity.getPrincipal() instanceof JsonWebToken token) || token.getSubject() == null) {
            return refused("The token names nobody");
        }
        Instant issuedAt = Instant.ofEpochSecond(token.getIssuedAtTime());
        return index.hasEndedSince(providerSession(token), issuedAt)
                .chain(ended -> ended
                        ? refused("The session of this token has ended")
                        : Uni.createFrom().item(withUser(identity, token)));
    }

    private static Uni<SecurityIdentity> refused(String why) {
        return Uni.createFrom().failure(new AuthenticationFailedException(why));
    }

    private SecurityIdentity withUser(SecurityIdentity identity, JsonWebToken token) {
        SignedInUser user = new SignedInUser(
                providers.defaultProvider(),
                token.getIssuer(),
                token.getSubject(),
                token.getName() == null ? token.getSubject() : token.getName(),
                identity.getRoles(),
                Map.of());
        return QuarkusSecurityIdentity.builder(identity)
                .addAttribute(SessionFinder.USER, user)
                .build();
    }

    private static Optional<String> providerSession(JsonWebToken token) {
        Object sid = token.getClaim("sid");
        return sid == null ? Optional.empty() : Optional.of(Digests.sha256(token.getIssuer(), sid.toString()));
    }
}
