package org.acme.session.internal.backchannel;

import java.security.Key;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.acme.session.internal.oidc.SignedJwt;
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

/** Reads logout tokens with jose4j. Whatever it stumbles over is about the token; it asks nobody. */
final class LogoutTokenReader {

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

    private LogoutTokenReader() {}

    /**
     * Reads who is to have signed a token.
     *
     * @param signed gets its header
     */
    static void begin(String token, JsonWebSignature signed) throws RefusedLogoutException {
        if (SignedJwt.header(token).isEmpty()) {
            throw new RefusedLogoutException("it is not a signed JWT");
        }
        try {
            signed.setCompactSerialization(token);
            ALGORITHMS.checkConstraint(signed.getAlgorithmHeaderValue());
        } catch (JoseException | RuntimeException e) {
            throw new RefusedLogoutException("its algorithm is not one of those allowed");
        }
    }

    /**
     * Verifies a token that {@link #begin} has read.
     *
     * @param key of the provider, as the token names it
     * @param issuer the provider
     * @param client this system there
     */
    static LogoutToken read(String token, Key key, String issuer, String client) throws RefusedLogoutException {
        try {
            return verified(token, key, issuer, client);
        } catch (InvalidJwtException e) {
            throw new RefusedLogoutException(reason(e));
        } catch (MalformedClaimException | RuntimeException e) {
            throw new RefusedLogoutException(REASONS.get(ErrorCodes.MALFORMED_CLAIM));
        }
    }

    private static LogoutToken verified(String token, Key key, String issuer, String client)
            throws InvalidJwtException, MalformedClaimException {
        JwtConsumer consumer = new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(ALGORITHMS)
                .setVerificationKey(key)
                .setExpectedIssuer(true, issuer)
                .setExpectedAudience(true, client)
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
}
