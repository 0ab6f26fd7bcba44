package org.acme.session.internal.auth;

import io.quarkus.security.ForbiddenException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import jakarta.enterprise.context.RequestScoped;
import java.util.List;
import java.util.Optional;
import org.acme.session.SignedInUser;
import org.acme.session.UserSession;
import org.acme.session.contract.Digests;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.SessionSummary;
import org.acme.session.internal.lifecycle.DeviceName;
import org.acme.session.internal.lifecycle.SessionResolver;

/** Who looks at sessions, and how they look to them. */
@RequestScoped
class Viewer {

    private final CurrentIdentityAssociation identity;
    private final SessionHandles handles;

    Viewer(CurrentIdentityAssociation identity, SessionHandles handles) {
        this.identity = identity;
        this.handles = handles;
    }

    /** SHA-256 of issuer, NUL and subject. */
    String user() {
        SignedInUser user = identity.getIdentity().getAttribute(SessionResolver.USER);
        if (user == null) {
            throw new ForbiddenException("A service account has no sessions");
        }
        return Digests.sha256(user.issuer(), user.subject());
    }

    /** Empty when a bearer token is what the viewer is known by. */
    Optional<SessionRecord> session() {
        return Optional.ofNullable(identity.getIdentity().getAttribute(SessionResolver.SESSION));
    }

    boolean isCurrent(SessionSummary session) {
        return session().filter(mine -> mine.id().equals(session.id())).isPresent();
    }

    Optional<SessionSummary> named(String handle, List<SessionSummary> sessions) {
        return sessions.stream()
                .filter(session -> handle(session).equals(handle))
                .findFirst();
    }

    List<UserSession> see(List<SessionSummary> sessions) {
        return sessions.stream()
                .map(session -> new UserSession(
                        handle(session),
                        session.name(),
                        DeviceName.of(session.device()),
                        session.address(),
                        session.createdAt(),
                        session.seenAt(),
                        isCurrent(session)))
                .toList();
    }

    private String handle(SessionSummary session) {
        return handles.of(session().map(mine -> mine.id().value()).orElseGet(this::user), session.id());
    }
}
