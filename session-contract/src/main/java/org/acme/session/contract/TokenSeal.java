package org.acme.session.contract;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals tokens at rest with AES-256-GCM (NIST SP 800-38D): {@code <key name>.<base64url(nonce, ciphertext, tag)>}. The
 * Redis key, the field and the record's version are associated data: a sealed token copied to another session, field or
 * version does not open.
 */
public final class TokenSeal {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final Pattern KEY = Pattern.compile("([A-Za-z0-9-]{1,32}):([A-Za-z0-9+/=_-]+)");

    private final Map<String, SecretKeySpec> keys;
    private final String sealingKey;

    private TokenSeal(Map<String, SecretKeySpec> keys, String sealingKey) {
        this.keys = keys;
        this.sealingKey = sealingKey;
    }

    /**
     * @param named keys as {@code <name>:<base64 of 32 bytes>}; the first seals, all open
     * @throws IllegalArgumentException when there is none or one is not of that form; the message holds no key
     */
    public static TokenSeal of(List<String> named) {
        Map<String, SecretKeySpec> keys = new LinkedHashMap<>();
        for (String text : named) {
            var parts = KEY.matcher(text.strip());
            if (!parts.matches()) {
                throw new IllegalArgumentException("An encryption key is written <name>:<base64 of 32 bytes>");
            }
            if (keys.put(parts.group(1), key(parts.group(1), parts.group(2))) != null) {
                throw new IllegalArgumentException("Two encryption keys have the name '" + parts.group(1) + "'");
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("At least one encryption key is needed");
        }
        return new TokenSeal(keys, keys.keySet().iterator().next());
    }

    private static SecretKeySpec key(String name, String base64) {
        byte[] bytes = Base64.getDecoder().decode(base64.replace('-', '+').replace('_', '/'));
        if (bytes.length != KEY_BYTES) {
            throw new IllegalArgumentException("Seal key '" + name + "' has " + bytes.length + " bytes instead of 32");
        }
        return new SecretKeySpec(bytes, "AES");
    }

    /** Where a sealed text belongs. */
    public record Place(String redisKey, String field, String version) {
        private byte[] associatedData() {
            return (redisKey + '\0' + field + '\0' + version).getBytes(StandardCharsets.UTF_8);
        }
    }

    public String seal(String text, Place place) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, keys.get(sealingKey), nonce, place)
                    .doFinal(text.getBytes(StandardCharsets.UTF_8));
            byte[] all = ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
            return sealingKey + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM failed", e);
        }
    }

    /** @throws DamagedRecordException when the text was not sealed for that place with a key we have */
    public String open(String sealed, Place place) {
        int dot = sealed.indexOf('.');
        SecretKeySpec key = dot < 0 ? null : keys.get(sealed.substring(0, dot));
        if (key == null) {
            throw new DamagedRecordException(place.field() + " is sealed with a key that is not configured");
        }
        try {
            byte[] all = Base64.getUrlDecoder().decode(sealed.substring(dot + 1));
            if (all.length < NONCE_BYTES + TAG_BITS / 8) {
                throw new DamagedRecordException(place.field() + " is cut off");
            }
            byte[] nonce = new byte[NONCE_BYTES];
            System.arraycopy(all, 0, nonce, 0, NONCE_BYTES);
            byte[] text =
                    cipher(Cipher.DECRYPT_MODE, key, nonce, place).doFinal(all, NONCE_BYTES, all.length - NONCE_BYTES);
            return new String(text, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new DamagedRecordException(place.field() + " does not open");
        }
    }

    /**
     * A seal for another purpose than tokens, with keys of its own that are derived from these: what others have sealed by the
     * million does not wear out the keys of tokens, whose nonces are random (NIST SP 800-38D, section 8.3).
     */
    public TokenSeal forPurpose(String purpose) {
        Map<String, SecretKeySpec> derived = new LinkedHashMap<>();
        keys.forEach(
                (name, key) -> derived.put(name, new SecretKeySpec(Digests.derive(key.getEncoded(), purpose), "AES")));
        return new TokenSeal(derived, sealingKey);
    }

    /** Key material for another purpose than tokens, from the key that seals. */
    public byte[] deriveKey(String purpose) {
        return Digests.derive(keys.get(sealingKey).getEncoded(), purpose);
    }

    private static Cipher cipher(int mode, SecretKeySpec key, byte[] nonce, Place place)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(place.associatedData());
        return cipher;
    }
}
