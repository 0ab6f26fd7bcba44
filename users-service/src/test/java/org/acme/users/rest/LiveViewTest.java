package org.acme.users.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.acme.users.testing.SignedIn;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As it is by default: for administrators. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class LiveViewTest {

    private final String cookie = TestSessions.cookieOf("root-" + UUID.randomUUID(), "user", "admin");

    @ParameterizedTest
    @ValueSource(strings = {"/live", "/live/events"})
    @DisplayName("L11: nobody but an administrator sees the live view")
    void forAdministrators(String path) {
        given().accept("application/json").get(path).then().statusCode(401);
        SignedIn.as("bob-" + UUID.randomUUID(), "user").get(path).then().statusCode(403);
    }

    @Test
    void anAdministratorSeesThePage() {
        SignedIn.with(cookie)
                .get("/live")
                .then()
                .statusCode(200)
                .contentType("text/html")
                .header("Cache-Control", "no-store")
                .body(containsString("data-stream=\"/users/live/events\""));
    }

    @Test
    @DisplayName("S4: an administrator's stream shows the fleet, and ends when the session is signed off")
    void endsWithTheSession() throws Exception {
        try (LiveStream stream = LiveStream.open(cookie)) {
            assertTrue(stream.next("fleet").contains("\"instances\":["));

            SignedIn.with(cookie).post("/auth/sign-off").then().statusCode(303);

            assertNull(stream.next("nothing that ever comes"), "the stream ends");
        }
    }

    @Test
    @DisplayName("E8: one session has four streams; with a fifth the oldest ends")
    void notTooManyOfOneSession() throws Exception {
        try (LiveStream oldest = LiveStream.open(cookie)) {
            oldest.next("fleet");
            List<LiveStream> others = new java.util.ArrayList<>();
            for (int i = 0; i < 4; i++) {
                others.add(LiveStream.open(cookie));
                others.get(i).next("fleet");
            }
            assertNull(oldest.next("nothing that ever comes"));
            assertTrue(others.get(3).next("fleet").contains("instances"));
            for (LiveStream stream : others) {
                stream.close();
            }
        }
        assertEquals(200, SignedIn.with(cookie).get("/live").statusCode());
    }
}
