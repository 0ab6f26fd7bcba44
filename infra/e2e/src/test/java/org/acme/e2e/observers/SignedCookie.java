package org.acme.e2e.observers;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The cookie {@code s:<id>.<mac>}, written a second time from its description and not from the services' code, so that
 * the two check each other.
 */
public final class SignedCookie {

    private SignedCookie() {}

    /** A cookie value for that id, percent-encoded. */
    public static String of(String id, String secret) {
        return encoded("s:" + id + "." + mac(id, secret));
    }

    /** A session id that nobody has. */
    public static String freshId() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    public static boolean looksSigned(String cookieValue) {
        String text = decoded(cookieValue);
        return text.startsWith("s:") && text.lastIndexOf('.') > 2;
    }

    /** The session id in a cookie value. */
    public static String idOf(String cookieValue) {
        String text = decoded(cookieValue);
        return text.substring(2, text.lastIndexOf('.'));
    }

    /** What follows the id's last dot. */
    public static String macOf(String cookieValue) {
        String text = decoded(cookieValue);
        return text.substring(text.lastIndexOf('.') + 1);
    }

    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException undecodable) {
            return value;
        }
    }

    public static String mac(String id, String secret) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(id.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
