package org.acme.logout;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Shows that an acknowledgement comes from an instance of this fleet. It is the one event that can do harm: a sign-off answers
 * early because of it.
 */
final class AckMac {

    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec key;

    AckMac(byte[] key) {
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

    boolean verifies(SessionEvent.Forgotten ack) {
        return MessageDigest.isEqual(
                of(ack.instance(), ack.event()).getBytes(StandardCharsets.US_ASCII),
                ack.mac().getBytes(StandardCharsets.US_ASCII));
    }
}
