package org.acme.session.internal.auth;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.RequestScoped;
import java.util.List;
import org.acme.session.CurrentSession;
import org.acme.session.UserSession;
import org.acme.session.UserSessions;
import org.acme.session.contract.SessionSummary;
import org.acme.session.internal.lifecycle.SessionList;
import org.acme.session.internal.lifecycle.UserSignOff;
import org.acme.session.spi.SessionEnded.Actor;

/** The sessions of the request's user. */
@RequestScoped
class RequestUserSessions implements UserSessions {

    private final Viewer viewer;
    private final CurrentSession current;
    private final SessionList sessions;
    private final UserSignOff signOff;

    RequestUserSessions(Viewer viewer, CurrentSession current, SessionList sessions, UserSignOff signOff) {
        this.viewer = viewer;
        this.current = current;
        this.sessions = sessions;
        this.signOff = signOff;
    }

    @Override
    public Uni<List<UserSession>> list() {
        return sessions.of(viewer.user()).map(viewer::see);
    }

    @Override
    public Uni<Boolean> end(String handle) {
        return sessions.of(viewer.user()).chain(mine -> viewer.named(handle, mine)
                .map(session -> end(session).replaceWith(true))
                .orElseGet(() -> Uni.createFrom().item(false)));
    }

    private Uni<Void> end(SessionSummary session) {
        return viewer.isCurrent(session) ? current.end().replaceWithVoid() : signOff(List.of(session));
    }

    @Override
    public Uni<Integer> endOthers() {
        return sessions.of(viewer.user())
                .map(mine -> mine.stream()
                        .filter(session -> !viewer.isCurrent(session))
                        .toList())
                .chain(others -> signOff(others).replaceWith(others.size()));
    }

    @Override
    public Uni<Integer> endAll() {
        return endOthers()
                .chain(others -> current.isPresent()
                        ? current.end().replaceWith(others + 1)
                        : Uni.createFrom().item(others));
    }

    private Uni<Void> signOff(List<SessionSummary> ending) {
        return signOff.signOff(
                ending, viewer.session().flatMap(mine -> mine.identity().providerSessionHash()), Actor.USER);
    }
}
