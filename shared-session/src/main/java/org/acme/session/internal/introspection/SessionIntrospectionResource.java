package org.acme.session.internal.introspection;

import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.http.Replies;
import org.acme.session.internal.http.RequestCookie;
import org.acme.session.internal.lifecycle.SessionResolver;
import org.acme.session.internal.store.SessionStore;

/**
 * For trusted backends that cannot reach Redis: whom the session cookie belongs to that a browser sent them. The one place
 * where a service is asked who somebody is. Not for the public: nginx passes it on its internal listener only.
 */
@Path("service/session")
@RolesAllowed("session-reader")
class SessionIntrospectionResource {

    private final RequestCookie cookie;
    private final SessionResolver sessions;
    private final SessionStore store;
    private final Replies replies;

    SessionIntrospectionResource(RequestCookie cookie, SessionResolver sessions, SessionStore store, Replies replies) {
        this.cookie = cookie;
        this.sessions = sessions;
        this.store = store;
        this.replies = replies;
    }

    /**
     * What is asked.
     *
     * @param cookie the session cookie's value as the browser sent it
     * @param activity whether this counts as the user's activity, which keeps the session from idling out
     */
    record Question(String cookie, boolean activity) {}

    /**
     * @return 200 with {@link SessionDocument}; 404 when no such session is known, 410 when it has ended; 503 when that cannot
     *     be told
     */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Produces(MediaType.APPLICATION_JSON)
    public Uni<Response> read(Question question) {
        if (question == null || question.cookie() == null) {
            return Uni.createFrom()
                    .item(replies.unreadable("Send {\"cookie\": \"<the session cookie's value>\"}.")
                            .toResponse());
        }
        Optional<SessionId> id = cookie.read(question.cookie());
        if (id.isEmpty()) {
            return Uni.createFrom().item(replies.noSession(false).toResponse());
        }
        return find(id.get(), question.activity())
                .chain(identity ->
                        identity == null ? absent(id.get()) : Uni.createFrom().item(document(identity)));
    }

    private Uni<SecurityIdentity> find(SessionId id, boolean activity) {
        return activity ? sessions.find(id) : sessions.findInBackground(id);
    }

    private Uni<Response> absent(SessionId id) {
        return store.hasEnded(id).map(ended -> replies.noSession(ended).toResponse());
    }

    private static Response document(SecurityIdentity identity) {
        SessionRecord session = identity.getAttribute(SessionResolver.SESSION);
        return Response.ok(SessionDocument.of(session)).build();
    }
}
