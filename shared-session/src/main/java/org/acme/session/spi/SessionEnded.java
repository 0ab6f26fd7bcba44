package org.acme.session.spi;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A session has ended. It carries nothing that opens a session.
 *
 * @param session SHA-256 of the session id, hexadecimal
 * @param providerSession SHA-256 of issuer, NUL and the provider's {@code sid}, hexadecimal; empty when the provider
 *     named none
 * @param reason why it ended
 * @param actor who ended it
 * @param awaited names of the instances that held a lease after the session had ended in Redis: those that must remove it
 *     from their cache before the sign-off may answer early; stays in this process, not part of the event
 * @param ackTimeout how long to wait for their acknowledgements; the leases are waited out after that; not part of the event
 */
public record SessionEnded(
        String session,
        Optional<String> providerSession,
        Reason reason,
        Actor actor,
        Set<String> awaited,
        Duration ackTimeout) {

    public SessionEnded {
        Objects.requireNonNull(session);
        Objects.requireNonNull(providerSession);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(actor);
        awaited = Set.copyOf(awaited);
        Objects.requireNonNull(ackTimeout);
    }

    /** Why a session ended. The names are part of the event's contract, in lower case with hyphens. */
    public enum Reason {
        /** The user signed off. */
        SIGNED_OFF,
        /** The user signed in anew in the same browser. No sign-off: nothing ends at the provider. */
        REPLACED,
        /** The provider refused the refresh token with {@code invalid_grant} (RFC 6749, section 5.2). */
        REFRESH_REFUSED,
        /** The provider said so: its own session has ended (Back-Channel Logout 1.0). */
        PROVIDER_LOGOUT;

        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /** What kind of actor ended a session; never who. */
    public enum Actor {
        USER,
        ADMINISTRATOR,
        PROVIDER,
        SYSTEM;

        public String text() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
