package org.acme.session.internal.bearer;

import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.security.identity.IdentityProviderManager;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.acme.session.internal.cache.CurrentContext;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.oidc.Claims;
import org.acme.session.internal.oidc.ProviderUnavailableException;
import org.acme.session.internal.oidc.SignedJwt;
import org.acme.session.internal.oidc.TokenAuthority;

/** Asks whoever is configured what a bearer token is worth: quarkus-oidc with the provider's keys, or the provider. */
@Singleton
class TokenCheck {

    private final OidcAuthenticationMechanism oidc;
    private final TokenAuthority authority;
    private final VerifiedTokens verified;
    private final TokenRules rules;
    private final SsoConfig.Verification verify;
    private final Duration limit;

    TokenCheck(
            OidcAuthenticationMechanism oidc,
            TokenAuthority authority,
            VerifiedTokens verified,
            TokenRules rules,
            SsoConfig config) {
        this.oidc = oidc;
        this.authority = authority;
        this.verified = verified;
        this.rules = rules;
        this.limit = config.refresh().requestTimeout();
        this.verify = config.bearer().verification();
    }

    /** The claims of a genuine token that is good here; empty for any other. Fails when that cannot be told. */
    Uni<Optional<Claims>> claims(String token, RoutingContext request, IdentityProviderManager identityProviders) {
        if (verify == SsoConfig.Verification.LOCAL && SignedJwt.read(token).isEmpty()) {
            return Uni.createFrom().item(Optional.empty());
        }
        // What a token says of itself is believed when it speaks against it: nobody is asked about such a one.
        Claims unverified = Claims.of(token);
        if (!unverified.isEmpty() && !rules.allow(token, unverified)) {
            return Uni.createFrom().item(Optional.empty());
        }
        return askAbout(token, request, identityProviders)
                .map(claims -> claims.filter(genuine -> rules.allow(token, genuine)));
    }

    private Uni<Optional<Claims>> askAbout(
            String token, RoutingContext request, IdentityProviderManager identityProviders) {
        return switch (verify) {
            case LOCAL -> byKeys(request, identityProviders);
            case INTROSPECTION -> verified.get(token, () -> authority.introspect(token));
            case USERINFO -> verified.get(token, () -> authority.askWhose(token));
        };
    }

    private Uni<Optional<Claims>> byKeys(RoutingContext request, IdentityProviderManager identityProviders) {
        // With a provider that is unavailable, quarkus-oidc would ask it once for each request.
        return authority
                .metadata()
                .chain(known -> CurrentContext.resume(oidc.authenticate(request, identityProviders)
                        .ifNoItem()
                        .after(limit)
                        .fail()))
                .map(identity -> Optional.ofNullable(identity)
                        .map(known -> known.getCredential(AccessTokenCredential.class))
                        .map(credential -> Claims.of(credential.getToken())))
                .onFailure(TokenCheck::isAboutTheToken)
                .recoverWithItem(Optional.empty());
    }

    /** What is about the provider is told apart; all else that a token brings about is about the token. */
    private static boolean isAboutTheToken(Throwable failure) {
        return !ProviderUnavailableException.isBehind(failure);
    }
}
