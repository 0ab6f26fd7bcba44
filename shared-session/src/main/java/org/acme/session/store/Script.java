package org.acme.session.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;

/** The scripts of the contract. They are files, so that members in other languages load the same ones. */
enum Script {
    CREATE,
    ADOPT,
    READ,
    END,
    PROVIDER_ENDED,
    MARK_ENDED,
    ENDS_BEFORE,
    WRITE_TOKENS,
    WRITE_ATTRIBUTES,
    WRITE_USER,
    INDEX,
    LOCK_EXTEND,
    LOCK_RELEASE,
    LEASE_RENEW,
    LEASE_HOLDERS,
    LEASE_REVOKE;

    private final String source;
    private final String sha1;
    private final String command;

    Script() {
        command = name().toLowerCase(Locale.ROOT).replace('_', '-');
        source = load("/org/acme/session/scripts/" + command + ".lua");
        sha1 = sha1(source);
    }

    /** SHA-1 in lower-case hexadecimal, as Redis names scripts and as {@code redis.sha1hex} says. It protects nothing. */
    static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has SHA-1", e);
        }
    }

    /** Its name for people, as its file is called. */
    String command() {
        return command;
    }

    String source() {
        return source;
    }

    /** The name under which Redis keeps a loaded script. */
    String sha1() {
        return sha1;
    }

    private static String load(String resource) {
        try (InputStream file = Script.class.getResourceAsStream(resource)) {
            if (file == null) {
                throw new IllegalStateException("The jar misses " + resource);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
