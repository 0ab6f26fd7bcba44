package org.acme.session.internal.auth;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.Optional;
import org.acme.session.CurrentSession;
import org.acme.session.SessionEnding;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.http.RequestCookie;
import org.acme.session.internal.lifecycle.SessionResolver;
import org.acme.session.internal.store.SessionStore;

/** For the scripts of pages: how long the session lasts (asking is no activity, L2), and "I am still here", which is. */
@Path("auth/session")
@Produces(MediaType.APPLICATION_JSON)
class SessionStateResource {

    private final CurrentSession session;
    private final SecurityIdentity identity;
    private final RequestCookie cookie;
    private final SessionResolver sessions;
    private final SessionStore store;
    private final Clock clock;

    SessionStateResource(
            CurrentSession session,
            SecurityIdentity identity,
            RequestCookie cookie,
            SessionResolver sessions,
            SessionStore store,
            Clock clock) {
        this.session = session;
        this.identity = identity;
        this.cookie = cookie;
        this.sessions = sessions;
        this.store = store;
        this.clock = clock;
    }

    @GET
    public Uni<SessionState> state(RoutingContext request) {
        return session.isPresent()
                ? session.timeLeft().map(left -> SessionState.of(session, left, clock.instant()))
                : none(request);
    }

    private Uni<SessionState> none(RoutingContext request) {
        return cookie.read(request)
                .map(store::endReason)
                .orElseGet(() -> Uni.createFrom().item(Optional.empty()))
                .map(reason -> reason.map(SessionEnding::of).filter(SessionEnding.REPLACED::equals))
                .map(replaced -> replaced.isPresent() ? SessionState.REPLACED : SessionState.NONE);
    }

    /** Goes through to Redis: an instance that caches the session counts activity only now and then. */
    @POST
    public Uni<SessionState> stay(RoutingContext request) {
        if (!session.isPresent()) {
            return none(request);
        }
        SessionRecord current = identity.getAttribute(SessionResolver.SESSION);
        return sessions.stay(current.id()).chain(() -> state(request));
    }
}
