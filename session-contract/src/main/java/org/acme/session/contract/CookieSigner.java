package org.acme.session.contract;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;

/**
 * Signs and verifies the session cookie as express-session does (cookie-signature 1.0.7): {@code s:<id>.<mac>}, where mac is
 * HMAC-SHA256 over the id, base64 without padding. The first secret signs, all of them verify, so that secrets rotate
 * and nobody is signed out.
 */
public final class CookieSigner {

    private static final String PREFIX = "s:";
    private static final int SHORTEST_SECRET = 32;
    /** No signed id of ours comes near it; more is not worth a digest. */
    private static final int LONGEST_VALUE = 256;

    private final List<Mac> macs;

    /**
     * @param secrets the first signs, all verify
     * @throws IllegalArgumentException when there is none, or one has fewer than 32 characters
     */
    public CookieSigner(List<String> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("At least one cookie secret is needed");
        }
        for (String secret : secrets) {
            if (secret.length() < SHORTEST_SECRET) {
                throw new IllegalArgumentException("A cookie secret has at least " + SHORTEST_SECRET + " characters");
            }
        }
        macs = secrets.stream()
                .map(secret -> Digests.mac(secret.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    /** The cookie value, before percent-encoding. */
    public String sign(SessionId id) {
        return PREFIX + id.value() + "." + signature(macs.get(0), id.value());
    }

    /**
     * The id that a cookie value carries; empty when it is not signed by one of the secrets. Compares in constant time.
     *
     * @param value the cookie's value after percent-decoding
     */
    public Optional<SessionId> verify(String value) {
        int dot = value.lastIndexOf('.');
        if (value.length() > LONGEST_VALUE || !value.startsWith(PREFIX) || dot <= PREFIX.length()) {
            return Optional.empty();
        }
        String id = value.substring(PREFIX.length(), dot);
        byte[] presented = value.substring(dot + 1).getBytes(StandardCharsets.UTF_8);
        boolean signed = false;
        for (Mac mac : macs) {
            byte[] expected = signature(mac, id).getBytes(StandardCharsets.UTF_8);
            signed |= MessageDigest.isEqual(expected, presented);
        }
        return signed ? SessionId.of(id) : Optional.empty();
    }

    private static String signature(Mac keyed, String id) {
        try {
            // A Mac is not thread-safe; a clone keeps the key schedule, which costs more than the digest itself.
            Mac mac = (Mac) keyed.clone();
            return Base64.getEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(id.getBytes(StandardCharsets.UTF_8)));
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The JDK's HMAC can be cloned", e);
        }
    }
}
