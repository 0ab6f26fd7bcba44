package org.acme.projects.service;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * Who somebody is: the pair that names a user for good (OIDC Core 1.0, section 5.7).
 *
 * @param issuer the provider's issuer identifier
 * @param subject the user's identifier at that issuer
 */
public record Person(String issuer, String subject) {

    public Person {
        Objects.requireNonNull(issuer);
        Objects.requireNonNull(subject);
    }

    /** The pair as one word without surprises: issuers and subjects may hold any character. */
    public String key() {
        return sha256(issuer + '\0' + subject);
    }

    /** How a full name is looked up, whatever its case, the blanks around it, and how its accents are written. */
    static String keyOfName(String name) {
        return sha256(Letters.folded(name));
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
