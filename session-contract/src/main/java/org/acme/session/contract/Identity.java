package org.acme.session.contract;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Who a session belongs to, as the record keeps it.
 *
 * @param provider name of the provider, as in {@code auth/<provider>}
 * @param issuer issuer identifier
 * @param subject identifier of the user at that issuer
 * @param providerSession the provider's {@code sid}; empty when it named none
 * @param name what the user is called
 * @param roles granted roles
 * @param profile further claims
 */
public record Identity(
        String provider,
        String issuer,
        String subject,
        Optional<String> providerSession,
        String name,
        Set<String> roles,
        Map<String, String> profile) {

    public Identity {
        Objects.requireNonNull(provider);
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(subject);
        Objects.requireNonNull(providerSession);
        Objects.requireNonNull(name);
        roles = Set.copyOf(roles);
        profile = Map.copyOf(profile);
    }

    /** SHA-256 of issuer, NUL and sid: names the provider's session in keys and events. */
    public Optional<String> providerSessionHash() {
        return providerSession.map(sid -> Digests.sha256(issuer, sid));
    }

    /** SHA-256 of issuer, NUL and subject: names the user in keys and addresses. */
    public String userHash() {
        return Digests.sha256(issuer, subject);
    }

    /** The same user, of whom something else is said now. Who they are, and by which session, never changes. */
    public Identity saying(String newName, Set<String> newRoles, Map<String, String> newProfile) {
        return new Identity(provider, issuer, subject, providerSession, newName, newRoles, newProfile);
    }
}
