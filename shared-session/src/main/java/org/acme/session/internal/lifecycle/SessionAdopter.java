package org.acme.session.internal.lifecycle;

import io.smallrye.mutiny.Uni;
import org.acme.session.contract.SessionId;

/** Makes sessions that others began ours. At most one implementation is on the class path; without one there are no such sessions. */
public interface SessionAdopter {

    /** Adopts the session with that id, of which there is no record. @return whether there is one now */
    Uni<Boolean> adopt(SessionId id);
}
