package org.acme.session;

import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * Ties WebSockets to the session that opened them. The handshake needs nothing: it is a request like any other, with
 * {@code @RolesAllowed} and {@link CurrentSession}, and counts as a write, so that only pages of this site can open one
 * (RFC 6455, section 10.2).
 */
@Singleton
public class SessionSockets {

    /** Close code of a socket whose session has ended; a number for applications (RFC 6455, section 7.4.2). */
    public static final short SESSION_ENDED = 4401;

    /** "Try again later" (IANA's registry of close codes): the session lives on, and who comes back is looked at anew. */
    private static final short COME_BACK = 1013;

    /** A proxy gives up a connection on which nothing passes; ours after ten seconds. */
    private static final Duration PING_EVERY = Duration.ofSeconds(5);

    private final Vertx vertx;

    SessionSockets(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Closes the socket when the session has ended, with {@link #SESSION_ENDED} and why, or with 1013 when it lives on and has
     * to be looked at anew; and keeps it open until then. An open socket is no activity.
     *
     * @param closed runs once, when the socket is closed by whomever
     */
    public void closeWith(CurrentSession session, ServerWebSocket socket, Runnable closed) {
        long pinging = vertx.setPeriodic(PING_EVERY.toMillis(), timer -> socket.writePing(Buffer.buffer()));
        Cancellable watch = session.ended()
                .subscribe()
                .with(ending -> socket.close(ending.isOver() ? SESSION_ENDED : COME_BACK, ending.text()));
        socket.closeHandler(gone -> {
            vertx.cancelTimer(pinging);
            watch.cancel();
            closed.run();
        });
    }
}
