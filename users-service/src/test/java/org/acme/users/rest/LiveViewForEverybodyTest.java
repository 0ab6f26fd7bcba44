package org.acme.users.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import java.util.UUID;
import org.acme.session.contract.SessionRecord;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.acme.users.testing.SignedIn;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** As the demonstration has it. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@TestProfile(LiveViewForEverybodyTest.ForEverybody.class)
class LiveViewForEverybodyTest {

    public static final class ForEverybody implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("users.live.access", "everybody", "sso.instance-name", "users-7");
        }
    }

    @Test
    void strangersSeeThePage() {
        given().get("/live").then().statusCode(200).body(containsString("data-for-everybody"));
    }

    @Test
    @DisplayName("L11: strangers see an instance by its name, and a sign-off without who or which session it was")
    void strangersSeeASignOff() throws Exception {
        SessionRecord alice = TestSessions.sessionOf("alice-" + UUID.randomUUID(), "user");
        String cookie = TestSessions.cookieOf(alice);
        try (LiveStream stream = LiveStream.open("")) {
            assertTrue(stream.next("fleet").contains("\"name\":\"users-7\",\"service\":\"users-service\""));

            SignedIn.with(cookie).get("/profile").then().statusCode(200);
            SignedIn.with(cookie).post("/auth/sign-off").then().statusCode(303);

            String known = stream.next("moment");
            String ended = stream.next("moment");
            assertTrue(known.contains("\"kind\":\"known\""), known);
            assertTrue(ended.contains("\"kind\":\"ended\""), ended);
            for (String secret : new String[] {
                alice.id().value(), alice.id().hash(), alice.id().fingerprint(), "alice"
            }) {
                assertFalse((known + ended).contains(secret), ended);
            }
        }
    }
}
