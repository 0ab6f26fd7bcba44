package org.acme.projects.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.net.http.WebSocketHandshakeException;
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

    private static int refused(String cookie, String origin) {
        Throwable why = assertThrows(CompletionException.class, () -> Socket.open(cookie, origin))
                .getCause();
        return ((WebSocketHandshakeException) why).getResponse().statusCode();
    }

    private static RedisConnection redis() {
        return new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class));
    }
}
