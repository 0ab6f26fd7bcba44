package org.acme.session.contract;

import java.util.Objects;
import java.util.Optional;

/**
 * A member of {@link Keys#USERS}: name, issuer and subject with NUL between them. The name comes first because people look
 * for it; it is no part of who the user is.
 *
 * @param name display name
 * @param issuer issuer identifier
 * @param subject identifier of the user at that issuer
 */
public record UserEntry(String name, String issuer, String subject) {

    public UserEntry {
        Objects.requireNonNull(name);
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(subject);
    }

    public static UserEntry of(Identity identity) {
        return new UserEntry(identity.name().replace('\0', ' '), identity.issuer(), identity.subject());
    }

    public String member() {
        return name + '\0' + issuer + '\0' + subject;
    }

    /** @return empty for a text that is no member */
    public static Optional<UserEntry> read(String member) {
        String[] parts = member.split("\0", -1);
        return parts.length == 3 ? Optional.of(new UserEntry(parts[0], parts[1], parts[2])) : Optional.empty();
    }

    /** SHA-256 of issuer, NUL and subject: names the user in keys. */
    public String userHash() {
        return Digests.sha256(issuer, subject);
    }
}
