package org.acme.session;

import io.smallrye.mutiny.Uni;
import java.util.Optional;

/**
 * Small values that one service keeps in the session. Each service sees its own only; two services that write at once
 * lose nothing, and a write never disturbs a token refresh.
 *
 * <p>All methods fail with {@link SessionUnavailableException} when Redis cannot be asked, and writes with
 * {@link SessionEndedException} when the session has ended meanwhile.
 */
public interface SessionAttributes {

    /** The value stored under that name; empty when there is none. */
    Uni<Optional<String>> get(String name);

    /**
     * Stores a value.
     *
     * @param name 1 to 64 characters
     * @param value any text; all attributes of one service together take at most 8 KiB, otherwise the result fails with
     *     {@link IllegalArgumentException} and nothing is stored
     */
    Uni<Void> put(String name, String value);

    /** Removes a value; nothing happens when there is none. */
    Uni<Void> remove(String name);
}
