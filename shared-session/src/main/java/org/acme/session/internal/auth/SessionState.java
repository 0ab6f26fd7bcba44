package org.acme.session.internal.auth;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.LowerCamelCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Duration;
import java.time.Instant;
import org.acme.session.CurrentSession;

/**
 * What a page's script is told about its session.
 *
 * @param signedIn whether there is one
 * @param user whose ({@link org.acme.session.SignedInUser#fingerprint}); empty when there is none
 * @param secondsLeft when it ends, if nobody uses it
 * @param canStay whether using it lets it last longer: at the absolute limit nothing does
 * @param replaced whether the session that was asked for has been replaced by a new sign-in in the same browser: another
 *     tab's, and the browser holds the new cookie in a moment
 */
@JsonNaming(LowerCamelCaseStrategy.class) // its readers know these names, however the service names things
@RegisterForReflection
record SessionState(boolean signedIn, String user, long secondsLeft, boolean canStay, boolean replaced) {

    static final SessionState NONE = new SessionState(false, "", 0, false, false);
    static final SessionState REPLACED = new SessionState(false, "", 0, false, true);

    private static final Duration ROUNDING = Duration.ofSeconds(2);

    static SessionState of(CurrentSession session, Duration left, Instant now) {
        return left.isZero()
                ? NONE
                : new SessionState(
                        true,
                        session.user().fingerprint(),
                        left.toSeconds(),
                        Duration.between(now, session.endsAt()).compareTo(left.plus(ROUNDING)) > 0,
                        false);
    }
}
