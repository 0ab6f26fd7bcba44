package org.acme.session;

import java.util.Objects;

/**
 * A user who has signed in lately.
 *
 * @param key names the user in addresses and to {@link SessionAdministration}
 * @param name what the user is called
 * @param issuer the provider's issuer identifier
 * @param subject the user's identifier at that issuer
 */
public record KnownUser(String key, String name, String issuer, String subject) {

    public KnownUser {
        Objects.requireNonNull(key);
        Objects.requireNonNull(name);
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(subject);
    }
}
