package org.acme.session.internal.backchannel;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.ErrorCodeValidator;
import org.jose4j.jwt.consumer.JwtContext;

/** What makes a JWT a logout token, besides what every JWT is asked (Back-Channel Logout 1.0, sections 2.4 and 2.6). */
final class LogoutRules implements ErrorCodeValidator {

    /** Code of our own errors. jose4j's are smaller, and what it says with one of them quotes the token. */
    static final int CODE = 1000;

    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";

    /** Recommended, not required; "JWT" is what providers sent before it was (section 2.4). */
    private static final List<String> TYPES = List.of("logout+jwt", "application/logout+jwt", "jwt");

    @Override
    public Error validate(JwtContext token) throws MalformedClaimException {
        return broken(token).map(rule -> new Error(CODE, rule)).orElse(null);
    }

    private static Optional<String> broken(JwtContext token) throws MalformedClaimException {
        JwtClaims claims = token.getJwtClaims();
        String type = token.getJoseObjects().get(0).getHeader("typ");
        if (type != null && TYPES.stream().noneMatch(type::equalsIgnoreCase)) {
            return Optional.of("it is a token of another type");
        }
        if (!(claims.getClaimValue("events") instanceof Map<?, ?> events)
                || !(events.get(EVENT) instanceof Map<?, ?>)) {
            return Optional.of("it has no back-channel logout event");
        }
        if (claims.hasClaim("nonce")) {
            return Optional.of("it has a nonce, as an ID token has");
        }
        if (isEmpty(claims.getJwtId())) {
            return Optional.of("it has no jti");
        }
        String subject = claims.getSubject();
        String session = claims.getStringClaimValue("sid");
        if (isEmpty(subject) && isEmpty(session)) {
            return Optional.of("it names neither a session nor a user");
        }
        // The separator of our digests.
        if ((claims.getJwtId() + subject + session).indexOf('\0') >= 0) {
            return Optional.of("a claim has the wrong form");
        }
        return Optional.empty();
    }

    private static boolean isEmpty(String text) {
        return text == null || text.isEmpty();
    }
}
