package org.acme.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import java.lang.reflect.Proxy;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.acme.session.internal.config.TestConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Sockets that close when they are told to, or are closed before anybody could tell. */
class SessionSocketsTest {

    private static final Vertx VERTX = Vertx.vertx();

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final SessionSockets sockets =
            new SessionSockets(VERTX, TestConfig.with("sockets.per-session", "2", "sockets.per-instance", "3"), meters);
    private final AtomicInteger watching = new AtomicInteger();
    private final AtomicInteger closed = new AtomicInteger();

    @AfterAll
    static void stop() {
        VERTX.close();
    }

    private CurrentSession session(String name) {
        Uni<SessionEnding> never = Uni.createFrom()
                .<SessionEnding>nothing()
                .onSubscription()
                .invoke(watching::incrementAndGet)
                .onCancellation()
                .invoke(watching::decrementAndGet);
        return (CurrentSession) Proxy.newProxyInstance(
                CurrentSession.class.getClassLoader(),
                new Class<?>[] {CurrentSession.class},
                (proxy, asked, arguments) -> asked.getName().equals("ended") ? never : name);
    }

    private boolean open(String session, FakeSocket socket) {
        return sockets.closeWith(session(session), socket.asSocket(), closed::incrementAndGet);
    }

    private double counted() {
        return meters.get("sso.sockets").gauge().value();
    }

    @Test
    @DisplayName("F17, E8: a handshake that the client has given up leaves nothing behind: no watch, nothing counted")
    void givenUpHandshakes() {
        FakeSocket gone = new FakeSocket();
        gone.isClosed = true;
        for (int i = 0; i < 1000; i++) {
            assertFalse(open("alice", gone));
        }
        assertEquals(0, watching.get());
        assertEquals(0, counted());
        assertEquals(1000, closed.get());
    }

    @Test
    @DisplayName("F17: nor does one whose connection was lost so early that Vert.x takes the socket for open")
    void lostConnections() {
        FakeSocket lost = new FakeSocket();
        lost.isLost = true;
        open("alice", lost);
        assertEquals(0, watching.get());
        assertEquals(0, counted());
        assertEquals(1, closed.get());
    }

    @Test
    @DisplayName("F17: a socket that closes is watched and counted no more, and says so once")
    void closedSockets() {
        FakeSocket socket = new FakeSocket();
        assertTrue(open("alice", socket));
        assertEquals(1, watching.get());
        assertEquals(1, counted());
        socket.closedByClient();
        socket.closedByClient();
        assertEquals(0, watching.get());
        assertEquals(0, counted());
        assertEquals(1, closed.get());
    }

    @Test
    @DisplayName("F17, E8: beyond the limit of one session its oldest socket closes, and nobody else's")
    void limitOfASession() {
        List<FakeSocket> hers = new ArrayList<>();
        FakeSocket bobs = new FakeSocket();
        assertTrue(open("bob", bobs));
        for (int i = 0; i < 10; i++) {
            FakeSocket next = new FakeSocket();
            assertTrue(open("alice", next));
            hers.add(next);
        }
        assertEquals(3, counted());
        assertEquals(2, hers.stream().filter(socket -> !socket.isClosed).count());
        assertFalse(hers.get(9).isClosed || hers.get(8).isClosed);
        assertFalse(bobs.isClosed);
    }

    @Test
    @DisplayName("F17, E8: a full instance refuses one more with 1013, and keeps those that it has")
    void limitOfAnInstance() {
        for (String name : List.of("alice", "bob", "carol")) {
            assertTrue(open(name, new FakeSocket()));
        }
        FakeSocket tooMany = new FakeSocket();
        assertFalse(open("dave", tooMany));
        assertEquals(1013, tooMany.code);
        assertEquals(3, counted());
        assertEquals(3, watching.get());
        assertEquals(1, closed.get());
    }

    /** As Vert.x has it: closed, it takes no handler. */
    private static final class FakeSocket {

        private boolean isClosed;
        private boolean isLost;
        private int code;
        private Handler<Void> closeHandler;

        private void closedByClient() {
            isClosed = true;
            closeHandler.handle(null);
        }

        @SuppressWarnings("unchecked")
        private ServerWebSocket asSocket() {
            return (ServerWebSocket) Proxy.newProxyInstance(
                    ServerWebSocket.class.getClassLoader(),
                    new Class<?>[] {ServerWebSocket.class},
                    (proxy, asked, arguments) -> switch (asked.getName()) {
                        case "isClosed" -> isClosed;
                        case "closeHandler" -> {
                            if (isClosed) {
                                throw new IllegalStateException("WebSocket is closed");
                            }
                            closeHandler = (Handler<Void>) arguments[0];
                            yield proxy;
                        }
                        case "close" -> {
                            code = (Short) arguments[0];
                            isClosed = true;
                            if (closeHandler != null) {
                                closeHandler.handle(null);
                            }
                            yield null;
                        }
                        case "writePing" ->
                            isLost ? Future.failedFuture(new ClosedChannelException()) : Future.succeededFuture();
                        default -> throw new UnsupportedOperationException(asked.getName());
                    });
        }
    }
}
