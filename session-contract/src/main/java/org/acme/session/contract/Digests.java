package org.acme.session.contract;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The digests that the contract uses. */
public final class Digests {

    private static final String HMAC = "HmacSHA256";

    private Digests() {}

    /** SHA-256 of the text's UTF-8, in lower-case hexadecimal. */
    public static String sha256(String text) {
        return HexFormat.of().formatHex(digest("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** SHA-256 of two texts with NUL between them, which neither may contain: no two pairs give the same input. */
    public static String sha256(String first, String second) {
        if (first.indexOf('\0') >= 0 || second.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("NUL is the separator and cannot be part of a value");
        }
        return sha256(first + '\0' + second);
    }

    /** A key for one purpose, derived from another: HMAC-SHA256(key, purpose). Purposes never share key material. */
    public static byte[] derive(byte[] key, String purpose) {
        return mac(key).doFinal(purpose.getBytes(StandardCharsets.UTF_8));
    }

    /** SHA-1 of the text's UTF-8, in lower-case hexadecimal: how Redis names scripts, and {@code redis.sha1hex}. It protects nothing. */
    public static String sha1(String text) {
        return HexFormat.of().formatHex(digest("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    static Mac mac(byte[] key) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(key, HMAC));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + HMAC, e);
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has " + algorithm, e);
        }
    }
}
