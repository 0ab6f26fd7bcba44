package org.acme.session;

import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * The sessions of all users, for administrators. <strong>It asks for no role</strong>: whoever offers it does.
 *
 * <p>All methods fail with {@link SessionUnavailableException} when Redis cannot be asked.
 */
public interface SessionAdministration {

    /**
     * Users who have signed in within the longest life of a session.
     *
     * @param text part of a name, in any case, or a whole subject
     * @return the first 50 that match, by name; none for an empty text
     */
    Uni<List<KnownUser>> find(String text);

    /**
     * The sessions of a user that live, the one used last first.
     *
     * @param user the user's key; none are found for anything else
     */
    Uni<List<UserSession>> list(String user);

    /** Signs a user off on one device. @return false when there is no such session, or no longer */
    Uni<Boolean> end(String user, String handle);

    /** Signs a user off everywhere. @return how many sessions that were */
    Uni<Integer> endAll(String user);
}
