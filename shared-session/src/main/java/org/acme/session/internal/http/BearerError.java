package org.acme.session.internal.http;

import java.util.Optional;

/**
 * Why a bearer token was not accepted (RFC 6750, section 3.1).
 *
 * @param status HTTP status
 * @param code the error code that programs read
 * @param title what happened, in a few words
 * @param description what to do about it; ASCII without quotes, as the header wants it
 * @param scope the scope that would be enough; empty when that is not the point
 */
public record BearerError(int status, String code, String title, String description, Optional<String> scope) {

    /** For who brought no token: what is wanted, and no error code. */
    static final String CHALLENGE = "Bearer";

    /** Not a request that a token could be read from. */
    public static BearerError malformed(String why) {
        return new BearerError(400, "invalid_request", "Malformed request", why, Optional.empty());
    }

    /** Not valid, not for us, expired, or of a session that has ended. Which of them is not told. */
    public static BearerError invalid() {
        return new BearerError(
                401,
                "invalid_token",
                "The access token is not valid here",
                "It has expired, was revoked, or was made for somebody else. Get another one.",
                Optional.empty());
    }

    public static BearerError insufficientScope(String scope) {
        return new BearerError(
                403,
                "insufficient_scope",
                "The access token does not allow this",
                "It needs the scope " + scope + ".",
                Optional.of(scope));
    }

    /** The scope may do, but not for who the token speaks for. */
    public static BearerError insufficientRole() {
        return new BearerError(
                403,
                "insufficient_scope",
                "The access token does not allow this",
                "Its user does not have the required role.",
                Optional.empty());
    }

    String challenge() {
        return CHALLENGE + " error=\"" + code + "\", error_description=\"" + description + "\""
                + scope.map(name -> ", scope=\"" + name + "\"").orElse("");
    }
}
