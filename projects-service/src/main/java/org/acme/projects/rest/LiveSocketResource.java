package org.acme.projects.rest;

import io.quarkus.runtime.StartupEvent;
import io.vertx.core.http.ServerWebSocket;
import jakarta.annotation.security.RolesAllowed;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.acme.projects.service.ChangeFeed;
import org.acme.projects.service.ChangeListener;
import org.acme.projects.service.ProjectChange;
import org.acme.projects.service.Viewer;
import org.acme.session.CurrentSession;
import org.acme.session.SessionSockets;

/**
 * What changes, as {@link LiveResource} has it, over a WebSocket: for those who have use for one, and to show what there is to
 * do. The handshake is a request like any other, and {@link SessionSockets} closes the socket when its session ends.
 */
@Path("/live/socket")
@Singleton
class LiveSocketResource implements ChangeListener {

    /** "Try again later" (RFC 6455, section 7.4.1, and IANA's registry of close codes). */
    private static final short TRY_AGAIN_LATER = 1013;

    private final Map<ServerWebSocket, Viewer> open = new ConcurrentHashMap<>();
    private final Caller caller;
    private final CurrentSession session;
    private final SessionSockets sockets;

    LiveSocketResource(Caller caller, CurrentSession session, SessionSockets sockets) {
        this.caller = caller;
        this.session = session;
        this.sockets = sockets;
    }

    void start(@Observes StartupEvent starting, ChangeFeed feed) {
        feed.listen(this);
    }

    @GET
    @RolesAllowed("user")
    public void open(ServerWebSocket socket) {
        open.put(socket, caller.viewer());
        if (sockets.closeWith(session, socket, () -> open.remove(socket))) {
            tell(socket, "{}");
        }
    }

    @Override
    public void changed(ProjectChange change) {
        open.forEach((socket, viewer) -> {
            if (change.concerns(viewer)) {
                tell(socket, change.json());
            }
        });
    }

    @Override
    public void missedSome() {
        open.keySet().forEach(socket -> tell(socket, "{}"));
    }

    /** A reader that is far behind is cut off, as with streams. */
    private static void tell(ServerWebSocket socket, String what) {
        if (socket.isClosed()) {
            return; // and is removed in a moment
        }
        if (socket.writeQueueFull()) {
            socket.close(TRY_AGAIN_LATER);
        } else {
            socket.writeTextMessage(what);
        }
    }
}
