package org.acme.projects.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.acme.projects.testing.SignedIn;
import org.acme.session.SessionSockets;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A WebSocket and the session that opened it. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class LiveSocketTest {

    private static final String HERE = "http://localhost:8081";

    private final SessionRecord session = TestSessions.sessionOf("alice-" + UUID.randomUUID(), "user");

    @Test
    void tellsWhatChanges() {
        String cookie = TestSessions.cookieOf(session);
        Socket socket = Socket.open(cookie, HERE);
        assertEquals("{}", socket.next());
        String id = SignedIn.with(cookie)
                .contentType(ContentType.JSON)
                .body("{\"name\":\"Apollo\"}")
                .post("/api/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        assertEquals("{\"project\":\"" + id + "\",\"version\":1}", socket.next());
    }

    @Test
    @DisplayName("S4: the socket of a session that is signed off closes, and says so")
    void closesWithTheSession() {
        String cookie = TestSessions.cookieOf(session);
        Socket socket = Socket.open(cookie, HERE);
        SignedIn.with(cookie).post("/auth/sign-off");
        assertEquals(SessionSockets.SESSION_ENDED + " signed off", socket.close());
    }

    @Test
    @DisplayName("L2 S4: an open socket is no activity, and closes when its session has idled out, which nobody tells")
    void closesAtTheIdleLimit() {
        String cookie = TestSessions.cookieOf(session);
        try (RedisConnection redis = redis()) {
            redis.send("PEXPIRE", Keys.express(session.id()), "3000");
            Socket socket = Socket.open(cookie, HERE);
            assertEquals(SessionSockets.SESSION_ENDED + " not used for too long", socket.close());
        }
    }

    @Test
    @DisplayName("L2 S4: a socket closes at the absolute end of its session")
    void closesAtTheAbsoluteEnd() {
        Instant until = Instant.now().plus(Duration.ofSeconds(3)).truncatedTo(ChronoUnit.MILLIS);
        String cookie = TestSessions.cookieOf(SessionRecord.begin(
                session.id(), session.identity(), session.createdAt(), until, "", session.tokens()));
        Socket socket = Socket.open(cookie, HERE);
        assertEquals(SessionSockets.SESSION_ENDED + " its time is over", socket.close());
    }

    @Test
    @DisplayName("E4: pages of other sites cannot open a socket with our cookie, nor can who does not say where it is")
    void notFromElsewhere() {
        String cookie = TestSessions.cookieOf(session);
        assertEquals(403, refused(cookie, "https://evil.test"));
        assertEquals(403, refused(cookie, "null"));
        assertEquals(403, refused(cookie, null));
    }

    @Test
    @DisplayName("I5: who is not signed in gets 401, and who may not read projects 403")
    void notForOthers() {
        assertEquals(401, refused("nothing=here", HERE));
        assertEquals(403, refused(TestSessions.cookieOf("guest"), HERE));
    }

    @Test
    @DisplayName("F17, E8: one session has four sockets; with a fifth the oldest closes")
    void notTooManyOfOneSession() {
        String cookie = TestSessions.cookieOf(session);
        Socket oldest = Socket.open(cookie, HERE);
        assertEquals("{}", oldest.next());
        Socket others = null;
        for (int i = 0; i < 4; i++) {
            others = Socket.open(cookie, HERE);
            assertEquals("{}", others.next());
        }
        assertEquals("1013 too many sockets of one session", oldest.close());
    }

    @Test
    @DisplayName("F17, E8: handshakes that the client resets leave nothing behind")
    void resetHandshakes() throws IOException {
        String cookie = TestSessions.cookieOf(session);
        byte[] handshake = ("GET /projects/live/socket HTTP/1.1\r\nHost: localhost:8081\r\nUpgrade: websocket\r\n"
                        + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                        + "Origin: " + HERE + "\r\nCookie: " + cookie + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        double before = openSockets(); // of the other tests
        for (int i = 0; i < 200; i++) {
            try (java.net.Socket connection = new java.net.Socket("localhost", Socket.port())) {
                connection.getOutputStream().write(handshake);
                if (i % 2 == 0) {
                    connection.getInputStream().read(); // until the answer has begun
                }
                connection.setSoLinger(true, 0); // closed by a reset
            }
        }
        long until = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (openSockets() > before && System.nanoTime() < until) {
            Thread.onSpinWait();
        }
        assertTrue(openSockets() <= before, openSockets() + " sockets are open");
    }

    private static double openSockets() {
        return CDI.current()
                .select(MeterRegistry.class)
                .get()
                .get("sso.sockets")
                .gauge()
                .value();
    }

    private static int refused(String cookie, String origin) {
        Throwable why = assertThrows(CompletionException.class, () -> Socket.open(cookie, origin))
                .getCause();
        return ((WebSocketHandshakeException) why).getResponse().statusCode();
    }

    private static RedisConnection redis() {
        return new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class));
    }
}
