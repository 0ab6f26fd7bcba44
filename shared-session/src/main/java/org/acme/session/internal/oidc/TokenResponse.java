package org.acme.session.internal.oidc;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a token endpoint's answer means, to a code as to a refresh token (RFC 6749, sections 5.1 and 5.2). The one place that
 * decides it; docs/provider-answers.md has the table that tests it.
 */
sealed interface TokenResponse {

    /**
     * Tokens.
     *
     * @param access the access token
     * @param goodFor how long it says it is; empty when it does not, or says what cannot be: no time at all, or no number
     * @param refresh a new refresh token; empty keeps the old one (section 6)
     * @param idToken the ID token that came along
     */
    record Accepted(String access, Optional<Duration> goodFor, Optional<String> refresh, Optional<String> idToken)
            implements TokenResponse {

        /** Without the tokens. */
        @Override
        public String toString() {
            return "accepted, for " + goodFor;
        }
    }

    /** {@code invalid_grant}: this refresh token, or this code, will never work. */
    record Refused() implements TokenResponse {}

    /**
     * Any other error of OAuth: not with this token, client, user or scope, and asking again would change nothing. A person
     * may get further.
     *
     * @param error its code, lower-case letters and underscores
     */
    record SignInAgain(String error) implements TokenResponse {}

    /**
     * Nothing is known about the token.
     *
     * @param why in a few words, which quote nothing
     */
    record CannotTell(String why) implements TokenResponse {}

    /** No session lasts that long; it keeps the arithmetic of times within its range. */
    Duration LONGEST = Duration.ofDays(366);

    /** As the registered codes are written; a web server's {@code "error": "Not Found"} is none. */
    Pattern CODE = Pattern.compile("[a-z][a-z0-9_.-]{0,63}");

    /** The provider's trouble or haste, whatever the status. */
    Set<String> TROUBLE = Set.of("temporarily_unavailable", "server_error", "slow_down", "authorization_pending");

    /**
     * @param status the HTTP status
     * @param body empty when it is no JSON object
     */
    static TokenResponse of(int status, Optional<JsonObject> body) {
        JsonObject answer = body.orElseGet(JsonObject::new);
        Optional<String> access = text(answer, "access_token");
        if (status == 200 && access.isPresent()) {
            return new Accepted(
                    access.get(),
                    seconds(answer.getValue("expires_in")),
                    text(answer, "refresh_token"),
                    text(answer, "id_token"));
        }
        Optional<String> error = text(answer, "error")
                .map(code -> code.strip().toLowerCase(Locale.ROOT))
                .filter(code -> CODE.matcher(code).matches())
                .filter(code -> !TROUBLE.contains(code));
        if (error.isEmpty() || !speaksOfTheToken(status)) {
            return new CannotTell("status " + status + (status == 200 ? " without an access token" : ""));
        }
        return status != 200 && error.get().equals("invalid_grant") ? new Refused() : new SignInAgain(error.get());
    }

    /** GitHub, Slack and others say errors with 200. They end no session: nothing but the body says that it is one. */
    private static boolean speaksOfTheToken(int status) {
        return status == 200 || status >= 400 && status < 500 && status != 408 && status != 429;
    }

    private static Optional<String> text(JsonObject answer, String name) {
        return answer.getValue(name) instanceof String text && !text.isBlank() ? Optional.of(text) : Optional.empty();
    }

    /** A number, or a number as a text. Fractions of a second do not count. */
    private static Optional<Duration> seconds(Object value) {
        double seconds = value instanceof Number number
                ? number.doubleValue()
                : value instanceof String text && text.strip().matches("[0-9]{1,18}(\\.[0-9]{1,18})?")
                        ? Double.parseDouble(text.strip())
                        : 0;
        // Not a number is not more than nothing either.
        return seconds >= 1
                ? Optional.of(Duration.ofSeconds((long) Math.min(seconds, LONGEST.toSeconds())))
                : Optional.empty();
    }
}
