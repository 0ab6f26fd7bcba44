package org.acme.users.service;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import org.acme.session.SessionAttributes;
import org.acme.session.SessionUnavailableException;

/**
 * Counts how often a page was seen in this session: shows how a service keeps a value of its own in the session. Two
 * visits at the same instant may count as one; what must be exact belongs into a store of the service.
 */
@Singleton
public class Visits {

    private static final String ATTRIBUTE = "visits";

    /** Adds one and tells the new count. One that cannot be stored is lost: no page fails for the want of a number. */
    public Uni<Long> countOneMore(SessionAttributes attributes) {
        return attributes
                .get(ATTRIBUTE)
                .map(stored -> stored.map(Visits::parsed).orElse(0L) + 1)
                .call(count -> attributes
                        .put(ATTRIBUTE, Long.toString(count))
                        .onFailure(SessionUnavailableException.class)
                        .recoverWithNull());
    }

    private static long parsed(String stored) {
        try {
            return Long.parseLong(stored);
        } catch (NumberFormatException writtenBySomethingElse) {
            return 0;
        }
    }
}
