package org.acme.session.backchannel;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.security.Key;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.acme.session.SessionUnavailableException;
import org.acme.session.SsoConfig;
import org.acme.session.provider.Providers;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.ErrorCodeValidator;
import org.jose4j.jwt.consumer.ErrorCodes;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumer;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.JoseException;

/** Verifies logout tokens (Back-Channel Logout 1.0, section 2.6) with jose4j and the provider's published keys. */
@Singleton
class LogoutTokens {

    /** How long after it was issued a token is taken; providers send at once. */
    private static final Duration LONGEST_AGE = Duration.ofMinutes(5);

    /** Two clocks may differ by that much. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    /** Signatures by a private key only: with an HMAC the public key, or nothing, would be the secret. */
    private static final AlgorithmConstraints ALGORITHMS = new AlgorithmConstraints(
            ConstraintType.PERMIT,
            AlgorithmIdentifiers.RSA_USING_SHA256,
            AlgorithmIdentifiers.RSA_USING_SHA384,
            AlgorithmIdentifiers.RSA_USING_SHA512,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA256,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA384,
            AlgorithmIdentifiers.RSA_PSS_USING_SHA512,
            AlgorithmIdentifiers.ECDSA_USING_P256_CURVE_AND_SHA256,
            AlgorithmIdentifiers.ECDSA_USING_P384_CURVE_AND_SHA384,
            AlgorithmIdentifiers.ECDSA_USING_P521_CURVE_AND_SHA512,
            AlgorithmIdentifiers.EDDSA);

    /** jose4j's messages quote the token; these do not. */
    private static final Map<Integer, String> REASONS = Map.ofEntries(
            Map.entry(ErrorCodes.SIGNATURE_INVALID, "its signature is wrong"),
            Map.entry(ErrorCodes.ISSUER_MISSING, "it names no issuer"),
            Map.entry(ErrorCodes.ISSUER_INVALID, "it is another issuer's"),
            Map.entry(ErrorCodes.AUDIENCE_MISSING, "it names no audience"),
            Map.entry(ErrorCodes.AUDIENCE_INVALID, "it is for another client"),
            Map.entry(ErrorCodes.EXPIRATION_MISSING, "it has no exp"),
            Map.entry(ErrorCodes.EXPIRED, "it has expired"),
            Map.entry(ErrorCodes.NOT_YET_VALID, "it is not valid yet"),
            Map.entry(ErrorCodes.ISSUED_AT_MISSING, "it has no iat"),
            Map.entry(ErrorCodes.ISSUED_AT_INVALID_PAST, "it was issued too long ago"),
            Map.entry(ErrorCodes.ISSUED_AT_INVALID_FUTURE, "it was issued in the future"),
            Map.entry(ErrorCodes.MALFORMED_CLAIM, "a claim has the wrong form"),
            Map.entry(ErrorCodes.JSON_INVALID, "it is not JSON"));

    private final Providers providers;
    private final SsoConfig config;

    LogoutTokens(Providers providers, SsoConfig config) {
        this.providers = providers;
        this.config = config;
    }

    /**
     * Fails with {@link RefusedLogoutException} when it is no logout token of that provider, and with
     * {@link SessionUnavailableException} when the provider's keys cannot be read, so that nobody can tell.
     */
    Uni<LogoutToken> verify(String provider, String token) {
        JsonWebSignature signed = new JsonWebSignature();
        try {
            signed.setCompactSerialization(token);
            ALGORITHMS.checkConstraint(signed.getAlgorithmHeaderValue());
        } catch (JoseException e) {
            return refused(
                    signed.getAlgorithmHeaderValue() == null
                            ? "it is not a signed JWT"
                            : "its algorithm is not one of those allowed");
        }
        return Uni.combine()
                .all()
                .unis(providers.metadata(provider), providers.signingKey(provider, signed))
                .asTuple()
                .onFailure()
                .transform(away -> new SessionUnavailableException("The provider's keys cannot be read", away))
                .chain(known -> {
                    Optional<Key> key = known.getItem2();
                    if (key.isEmpty()) {
                        return refused("it is signed with a key that the provider does not publish");
                    }
                    try {
                        return Uni.createFrom()
                                .item(read(token, key.get(), known.getItem1().getString("issuer"), provider));
                    } catch (InvalidJwtException e) {
                        return refused(reason(e));
                    } catch (MalformedClaimException e) {
                        return refused(REASONS.get(ErrorCodes.MALFORMED_CLAIM));
                    }
                });
    }

    private LogoutToken read(String token, Key key, String issuer, String provider)
            throws InvalidJwtException, MalformedClaimException {
        JwtConsumer consumer = new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(ALGORITHMS)
                .setVerificationKey(key)
                .setExpectedIssuer(true, issuer)
                .setExpectedAudience(true, config.providers().get(provider).clientId())
                .setRequireExpirationTime()
                .setRequireIssuedAt()
                .setIssuedAtRestrictions(0, (int) LONGEST_AGE.toSeconds())
                .setAllowedClockSkewInSeconds((int) SKEW.toSeconds())
                .setEvaluationTime(NumericDate.now())
                .registerValidator(new LogoutRules())
                .build();
        JwtClaims claims = consumer.processToClaims(token);
        return new LogoutToken(
                claims.getIssuer(),
                claims.getJwtId(),
                Optional.ofNullable(claims.getStringClaimValue("sid")).filter(sid -> !sid.isEmpty()),
                Optional.ofNullable(claims.getSubject()).filter(sub -> !sub.isEmpty()));
    }

    private static String reason(InvalidJwtException e) {
        if (e.getErrorDetails().isEmpty()) {
            return "it is not a signed JWT";
        }
        ErrorCodeValidator.Error first = e.getErrorDetails().get(0);
        return first.getErrorCode() == LogoutRules.CODE
                ? first.getErrorMessage()
                : REASONS.getOrDefault(first.getErrorCode(), "it cannot be verified");
    }

    private static <T> Uni<T> refused(String why) {
        return Uni.createFrom().failure(new RefusedLogoutException(why));
    }
}
