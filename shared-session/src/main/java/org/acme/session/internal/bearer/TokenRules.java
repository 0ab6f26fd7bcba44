package org.acme.session.internal.bearer;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.oidc.Claims;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What a genuine token has to be besides, whoever verified it: an access token, for this service, of now, of somebody. */
@Singleton
class TokenRules {

    /** Allowed difference between two clocks. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    private final Clock clock;
    private final Set<String> types;
    private final String service;

    TokenRules(Clock clock, SsoConfig config, @ConfigProperty(name = "quarkus.application.name") String service) {
        this.clock = clock;
        this.types = config.bearer().types();
        this.service = service;
    }

    boolean allow(String token, Claims claims) {
        return isAccessToken(token, claims)
                && claims.names("aud").contains(service)
                && claims.instant("exp")
                        .filter(end -> clock.instant().isBefore(end.plus(SKEW)))
                        .isPresent()
                && claims.instant("iat").isPresent()
                && claims.text("iss").isPresent()
                && claims.text("sub").isPresent();
    }

    /**
     * ID tokens, refresh tokens and logout tokens are signed by the same key and may name the same audience. RFC 9068
     * (section 4) has the type in the header; Keycloak says it in a claim, and introspection may as {@code token_type}.
     */
    private boolean isAccessToken(String token, Claims claims) {
        String claimed = claims.text("typ").or(() -> claims.text("token_type")).orElse("");
        String header = Claims.header(token).text("typ").orElse("").replaceFirst("^application/", "");
        return Stream.of(claimed, header).anyMatch(types::contains);
    }
}
