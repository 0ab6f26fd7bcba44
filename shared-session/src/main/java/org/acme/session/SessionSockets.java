package org.acme.session;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.acme.session.internal.config.SsoConfig;

/**
 * Ties WebSockets to the session that opened them. The handshake needs nothing: it is a request like any other, with
 * {@code @RolesAllowed} and {@link CurrentSession}, and counts as a write, so that only pages of this site can open one
 * (RFC 6455, section 10.2).
 */
@Singleton
public class SessionSockets {

    /** Close code of a socket whose session has ended; a number for applications (RFC 6455, section 7.4.2). */
    public static final short SESSION_ENDED = 4401;

    /** A proxy gives up a connection on which nothing passes; ours after ten seconds. */
    private static final Duration PING_EVERY = Duration.ofSeconds(5);

    /**
     * "Try again later" (RFC 6455, section 7.4.1, and IANA's registry of close codes): one too many, or the session lives on and
     * who comes back is looked at anew.
     */
    private static final short TRY_AGAIN_LATER = 1013;

    private final Vertx vertx;
    private final SsoConfig.Sockets limits;
    private final Set<Tie> open = new LinkedHashSet<>(); // the oldest first

    SessionSockets(Vertx vertx, SsoConfig config, MeterRegistry registry) {
        this.vertx = vertx;
        this.limits = config.sockets();
        Gauge.builder("sso.sockets", this::open)
                .description("Open WebSockets that are tied to a session")
                .register(registry);
    }

    /**
     * Closes the socket when the session has ended, with {@link #SESSION_ENDED} and why, or with 1013 when it lives on and has
     * to be looked at anew; and keeps it open until then. An open socket is no activity. Beyond the limit of one session its oldest socket closes, which is probably forgotten.
     *
     * @param closed runs once, when the socket is closed by whomever, also when it is already
     * @return whether it is open; one too many for this instance is closed, with 1013
     */
    public boolean closeWith(CurrentSession session, ServerWebSocket socket, Runnable closed) {
        Tie tie = new Tie(session.fingerprint(), socket, closed);
        if (!admit(tie)) {
            tie.close(TRY_AGAIN_LATER, "too many sockets");
            tie.undo();
            return false;
        }
        try {
            socket.closeHandler(gone -> tie.undo());
        } catch (IllegalStateException gone) {
            tie.undo();
            return false;
        }
        tie.hold(session);
        return true;
    }

    private boolean admit(Tie tie) {
        List<Tie> tooMany;
        synchronized (open) {
            List<Tie> theirs =
                    open.stream().filter(one -> one.session.equals(tie.session)).toList();
            tooMany = theirs.subList(0, Math.max(0, theirs.size() + 1 - limits.perSession()));
            if (open.size() - tooMany.size() >= limits.perInstance()) {
                return false;
            }
            tooMany.forEach(open::remove);
            open.add(tie);
        }
        tooMany.forEach(one -> one.close(TRY_AGAIN_LATER, "too many sockets of one session"));
        return true;
    }

    int open() {
        synchronized (open) {
            return open.size();
        }
    }

    /** One socket and what it holds. It may be closed at any moment, also while it is being tied. */
    private final class Tie {

        private final String session;
        private final ServerWebSocket socket;
        private final Runnable closed;
        private Optional<Long> pinging = Optional.empty();
        private Cancellable watch = () -> {};
        private boolean undone;

        private Tie(String session, ServerWebSocket socket, Runnable closed) {
            this.session = session;
            this.socket = socket;
            this.closed = closed;
        }

        private synchronized void hold(CurrentSession current) {
            if (!undone) {
                pinging = Optional.of(vertx.setPeriodic(PING_EVERY.toMillis(), timer -> ping()));
                watch = current.ended()
                        .subscribe()
                        .with(ending -> close(ending.isOver() ? SESSION_ENDED : TRY_AGAIN_LATER, ending.text()));
            }
            ping();
        }

        /** Of a connection that was lost before it became a socket nobody else tells: Vert.x takes the socket for open. */
        private void ping() {
            if (!socket.isClosed()) {
                socket.writePing(Buffer.buffer()).onFailure(lost -> undo());
            }
        }

        private void close(short code, String why) {
            if (!socket.isClosed()) {
                socket.close(code, why);
            }
        }

        private void undo() {
            synchronized (this) {
                if (undone) {
                    return;
                }
                undone = true;
                pinging.ifPresent(vertx::cancelTimer);
                watch.cancel();
            }
            synchronized (open) {
                open.remove(this);
            }
            closed.run();
        }
    }
}
