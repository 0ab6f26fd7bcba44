package org.acme.session.spi;

import java.util.Map;
import java.util.Objects;

/**
 * What an instance tells those who show the fleet to people. Nothing is decided by it, so it may be lost, late or forged; it is
 * sent only while somebody watches, and names neither a user nor what opens a session.
 *
 * @param instance who says so
 * @param kind what happened
 * @param details more about it: names and values of 128 letters, digits and {@code ._:-} at most
 */
public record FleetNotice(String instance, String kind, Map<String, String> details) {

    public FleetNotice {
        Objects.requireNonNull(instance);
        Objects.requireNonNull(kind);
        details = Map.copyOf(details);
    }
}
