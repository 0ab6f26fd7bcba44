package org.acme.session.contract;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The Lua scripts of the contract: every write of a session is one of them. They are files in this jar, because members in
 * other languages load the same ones; the comment at the top of each file names its keys, arguments and reply.
 *
 * <p>Run a script with {@code EVALSHA} and its {@link #sha1()}; when Redis answers {@code NOSCRIPT}, with {@code EVAL} and its
 * {@link #source()}. {@link ScriptCall} puts keys and arguments together.
 */
public enum Script {
    /** Begins a session: writes both keys, or none when the id is in use. */
    CREATE,
    /** Gives a session that a guest began its record. */
    ADOPT,
    /** Reads a session, counts as activity when asked to, and removes what a guest wrote after its end. */
    READ,
    /** Ends a session and leaves a tombstone until its absolute end. */
    END,
    /** Drops the refresh token that {@link #END} kept, once the provider's session has ended. */
    PROVIDER_ENDED,
    /** Notes when a provider session, or everything that was issued to a user, ended. */
    MARK_ENDED,
    /** Moves the mark of {@link #MARK_ENDED} back, unless a later one is there. */
    ENDS_BEFORE,
    /** Replaces the tokens of a session, unless others are there by now. */
    WRITE_TOKENS,
    /** Replaces the attributes of one service, unless others are there by now. */
    WRITE_ATTRIBUTES,
    /** Replaces Express' JSON, unless a guest has changed it. */
    WRITE_USER,
    /** Adds a member to an index, and drops members whose end has passed. */
    INDEX,
    /** Extends the refresh lock of its holder. */
    LOCK_EXTEND,
    /** Releases the refresh lock of its holder. */
    LOCK_RELEASE,
    /** Gives an instance a lease on its memory, or extends it. */
    LEASE_RENEW,
    /** Lists the instances that may hold a lease. */
    LEASE_HOLDERS,
    /** Takes leases away: they run out and cannot be renewed. */
    LEASE_REVOKE;

    private final String fileName;
    private final String source;
    private final String sha1;

    Script() {
        fileName = name().toLowerCase(Locale.ROOT).replace('_', '-');
        source = load("/org/acme/session/scripts/" + fileName + ".lua");
        sha1 = Digests.sha1(source);
    }

    /** The name of its file without {@code .lua}, such as {@code write-tokens}. */
    public String fileName() {
        return fileName;
    }

    /** The text of its file, for {@code EVAL}. */
    public String source() {
        return source;
    }

    /** SHA-1 of {@link #source()} in lower-case hexadecimal, for {@code EVALSHA}. */
    public String sha1() {
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
