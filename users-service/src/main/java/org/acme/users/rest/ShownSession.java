package org.acme.users.rest;

import java.util.List;
import org.acme.session.UserSession;

/** A session as the pages list it. */
record ShownSession(
        String handle, String device, String address, Moment startedAt, Moment lastSeenAt, boolean current) {

    static List<ShownSession> all(List<UserSession> sessions) {
        return sessions.stream().map(ShownSession::of).toList();
    }

    private static ShownSession of(UserSession session) {
        return new ShownSession(
                session.handle(),
                session.device(),
                session.address(),
                Moment.of(session.startedAt()),
                Moment.of(session.lastSeenAt()),
                session.current());
    }
}
