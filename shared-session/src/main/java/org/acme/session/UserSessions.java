package org.acme.session;

import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * Where the user of the request being served is signed in. Inject it wherever a request is active.
 *
 * <p>What ends here ends as a sign-off does: when the result is there, no instance of any service accepts the session, and
 * the device's session at the provider has ended too, so that it cannot come back without its user. A session that
 * shares the provider's session with the current one leaves that alone.
 *
 * <p>All methods throw {@link io.quarkus.security.ForbiddenException} when no person is signed in, and fail with
 * {@link SessionUnavailableException} when Redis cannot be asked; asking again then completes what was begun.
 */
public interface UserSessions {

    /** The sessions that live, the one used last first. With a bearer token none of them is the current one. */
    Uni<List<UserSession>> list();

    /**
     * Ends one. The current one ends as by {@link CurrentSession#end()}.
     *
     * @return false when there is none of that handle, or no longer
     */
    Uni<Boolean> end(String handle);

    /** Ends all but the current one. @return how many that were */
    Uni<Integer> endOthers();

    /** Ends all, the current one too. @return how many that were */
    Uni<Integer> endAll();
}
