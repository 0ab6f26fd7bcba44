package org.acme.session.auth;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import org.acme.session.CurrentSession;
import org.acme.session.contract.SessionRecord;
import org.acme.session.life.SessionFinder;
import org.acme.session.store.SessionStore;

/** For the scripts of pages: how long the session lasts (asking is no activity, L2), and "I am still here", which is. */
@Path("auth/session")
@Produces(MediaType.APPLICATION_JSON)
class SessionStateResource {

    private final CurrentSession session;
    private final SecurityIdentity identity;
    private final SessionStore store;
    private final Clock clock;

    SessionStateResource(CurrentSession session, SecurityIdentity identity, SessionStore store, Clock clock) {
        this.session = session;
        this.identity = identity;
        this.store = store;
        this.clock = clock;
    }

    @GET
    public Uni<SessionState> state() {
        return session.isPresent()
                ? session.timeLeft().map(left -> SessionState.of(session, left, clock.instant()))
                : Uni.createFrom().item(SessionState.NONE);
    }

    /** Goes through to Redis: an instance that remembers the session counts activity only now and then. */
    @POST
    public Uni<SessionState> stay() {
        if (!session.isPresent()) {
            return state();
        }
        SessionRecord current = identity.getAttribute(SessionFinder.SESSION);
        return store.readAsActivity(current.id()).chain(this::state);
    }
}
