package org.acme.logout;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Shows that a confirmation comes from an instance of this fleet. It is the one event that can do harm: a sign-off answers
 * early because of it.
 */
final class Authenticity {

    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec key;

    Authenticity(byte[] key) {
        this.key = new SecretKeySpec(key, HMAC);
    }

    /** HMAC-SHA256 of instance, NUL and event id, in base64url without padding. */
    String of(String instance, String event) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            byte[] text = (instance + '\0' + event).getBytes(StandardCharsets.UTF_8);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(mac.doFinal(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has " + HMAC, e);
        }
    }

    boolean holds(SessionNews.Forgotten confirmation) {
        return MessageDigest.isEqual(
                of(confirmation.instance(), confirmation.event()).getBytes(StandardCharsets.US_ASCII),
                confirmation.mac().getBytes(StandardCharsets.US_ASCII));
    }
}
