package org.acme.projects.service;

import java.util.Objects;

/**
 * Whose a project is: the pair that names a user for good (OIDC Core 1.0, section 5.7).
 *
 * @param issuer the provider's issuer identifier
 * @param subject the user's identifier at that issuer
 */
public record Owner(String issuer, String subject) {

    public Owner {
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(subject);
    }
}
