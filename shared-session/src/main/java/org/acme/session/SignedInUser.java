package org.acme.session;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.acme.session.contract.Digests;

/**
 * Who is signed in. A user is the pair of issuer and subject, never an e-mail address (OIDC Core 1.0, section 5.7).
 *
 * @param provider name of the provider as in {@code auth/<provider>}
 * @param issuer the provider's issuer identifier
 * @param subject the user's identifier at that issuer
 * @param name what the user is called on a page
 * @param roles the user's roles, as the provider granted them
 * @param profile further claims by name ({@code email}, {@code given_name}, …), those that the provider sent
 */
public record SignedInUser(
        String provider, String issuer, String subject, String name, Set<String> roles, Map<String, String> profile) {

    private static final int FINGERPRINT = 16;

    public SignedInUser {
        Objects.requireNonNull(provider);
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(name);
        roles = Set.copyOf(roles);
        profile = Map.copyOf(profile);
    }

    /** Issuer and subject as one short word: tells users apart on a page, and names none. */
    public String fingerprint() {
        return Digests.sha256(issuer, subject).substring(0, FINGERPRINT);
    }
}
