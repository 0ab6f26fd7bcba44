package org.acme.users.rest;

import java.time.Instant;
import java.util.List;
import org.acme.session.UserSession;

/** A session as the pages list it. */
record ShownSession(
        String handle,
        String name,
        String device,
        String address,
        Instant startedAt,
        Instant lastSeenAt,
        boolean current) {

    static List<ShownSession> all(List<UserSession> sessions) {
        return sessions.stream().map(ShownSession::of).toList();
    }

    private static ShownSession of(UserSession session) {
        return new ShownSession(
                session.handle(),
                session.name(),
                session.device(),
                session.address(),
                session.startedAt(),
                session.lastSeenAt(),
                session.current());
    }
}
