package org.acme.layout;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import java.util.UUID;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What pages say of the instance that answered, in a demonstration; {@link LayoutTest} asks one that is none. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@TestProfile(InstanceNameTest.Demonstration.class)
class InstanceNameTest {

    public static final class Demonstration implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("layout.show-instance", "true", "sso.instance-name", "notes-2 <b>");
        }
    }

    @Test
    @DisplayName("The foot of a page tells whether the session came from Redis or from memory")
    void whereTheSessionCameFrom() {
        String cookie = TestSessions.cookieOf("alice-" + UUID.randomUUID(), "user");
        // No transport here, so no lease, and no memory that may be trusted.
        given().header("Cookie", cookie)
                .get("/")
                .then()
                .body(containsString("<span data-testid=\"session-from\">Redis</span>"));
        given().get("/").then().body(not(containsString("session-from")));
    }

    @Test
    @DisplayName("The foot of a page names the instance that answered, where it has a name")
    void named() {
        given().get("/")
                .then()
                .statusCode(200)
                .body(containsString("Answered by <span data-testid=\"instance\">notes-2 &lt;b&gt;</span>"));
    }
}
