package org.acme.session.contract;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * What opens a session. It prints as its fingerprint, so that it cannot reach a log by accident.
 *
 * @param value the id itself
 */
public record SessionId(String value) {

    private static final int RANDOM_BYTES = 32;

    private static final int SHORTEST = 16;
    private static final int LONGEST = 128;

    public SessionId {
        Objects.requireNonNull(value);
        if (!isWellFormed(value)) {
            throw new IllegalArgumentException("A session id is 16 to 128 characters of base64url");
        }
    }

    /** A new id of 256 random bits (ASVS 5.0, 7.2.3 asks for 128). */
    public static SessionId random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        // Not a constant: a native image would be built with its seed inside, and refuses that.
        new SecureRandom().nextBytes(bytes);
        return new SessionId(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** The text as an id; empty when it has not an id's form. */
    public static Optional<SessionId> of(String text) {
        return isWellFormed(text) ? Optional.of(new SessionId(text)) : Optional.empty();
    }

    /**
     * Ours are 43 characters of base64url; express-session makes 32. Nothing that could leave its Redis hash tag. Written
     * out, for every request comes here.
     */
    private static boolean isWellFormed(String text) {
        if (text.length() < SHORTEST || text.length() > LONGEST) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean base64url =
                    c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-' || c == '_';
            if (!base64url) {
                return false;
            }
        }
        return true;
    }

    /** SHA-256 of the id, hexadecimal: names the session in events and memory without opening it. */
    public String hash() {
        return Digests.sha256(value);
    }

    /** The first 12 hexadecimal digits of the hash, for people and logs. */
    public String fingerprint() {
        return fingerprint(hash());
    }

    /** The fingerprint of the session with that hash. */
    public static String fingerprint(String hash) {
        return hash.substring(0, 12);
    }

    @Override
    public String toString() {
        return "session " + fingerprint();
    }
}
