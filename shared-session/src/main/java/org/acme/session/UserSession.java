package org.acme.session;

import java.time.Instant;
import java.util.Objects;

/**
 * One of a user's sessions as people see it. It holds nothing that opens the session.
 *
 * @param handle names the session to whoever was shown this list, and to nobody else; good while the session lives
 * @param name what the user was called when they signed in
 * @param device browser and system as far as the browser told, such as {@code Firefox on Windows}; never empty
 * @param address network that the user signed in from, such as {@code 192.0.2.0/24}; empty when unknown
 * @param startedAt when the user signed in
 * @param lastSeenAt last activity, exact to about half a minute
 * @param current whether it is the session of the request being served
 */
public record UserSession(
        String handle,
        String name,
        String device,
        String address,
        Instant startedAt,
        Instant lastSeenAt,
        boolean current) {

    public UserSession {
        Objects.requireNonNull(handle);
        Objects.requireNonNull(name);
        Objects.requireNonNull(device);
        Objects.requireNonNull(address);
        Objects.requireNonNull(startedAt);
        Objects.requireNonNull(lastSeenAt);
    }
}
