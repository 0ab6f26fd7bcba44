package org.acme.session.internal.bearer;

import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.oidc.Claims;
import org.acme.session.log.RateLimitedLog;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What a genuine token has to be besides, whoever verified it: an access token, for this service, of now, of somebody. */
@Singleton
class TokenRules {

    /** Allowed difference between two clocks. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    private final Clock clock;
    private final Set<String> types;
    private final boolean byKeys;
    private final Duration maxLifetime;
    private final RateLimitedLog tooOld = new RateLimitedLog(TokenRules.class);
    private final String service;

    TokenRules(Clock clock, SsoConfig config, @ConfigProperty(name = "quarkus.application.name") String service) {
        this.clock = clock;
        this.types = config.bearer().types();
        this.byKeys = config.bearer().verification() == SsoConfig.Verification.LOCAL;
        this.maxLifetime = config.session().maxAccessTokenLifetime();
        this.service = service;
    }

    boolean allow(String token, Claims claims) {
        return isAccessToken(token, claims)
                && claims.names("aud").contains(service)
                && claims.instant("exp")
                        .filter(end -> clock.instant().isBefore(end.plus(SKEW)))
                        .isPresent()
                && claims.instant("iat").isPresent()
                && hasWord(claims, "iss")
                && hasWord(claims, "sub")
                && (claims.text("sid").isEmpty() || hasWord(claims, "sid"))
                && !hasOutlivedTombstones(claims);
    }

    /** NUL is what our digests are separated by, and part of no name. */
    private static boolean hasWord(Claims claims, String name) {
        return claims.text(name).filter(text -> text.indexOf('\0') < 0).isPresent();
    }

    /**
     * The end of a session is on record for as long as its tokens can be valid by our settings. Nobody can tell whether that of an
     * older token has ended, but the provider, if it is asked.
     */
    private boolean hasOutlivedTombstones(Claims claims) {
        boolean old = byKeys
                && !TokenClaims.isOfAService(claims)
                && claims.instant("iat")
                        .orElseThrow()
                        .plus(maxLifetime)
                        .plus(SKEW)
                        .isBefore(clock.instant());
        if (old) {
            tooOld.warn(
                    "A bearer token is older than sso.session.max-access-token-lifetime (%s), and is refused",
                    maxLifetime);
        }
        return old;
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
