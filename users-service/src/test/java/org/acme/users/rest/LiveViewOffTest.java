package org.acme.users.rest;

import static io.restassured.RestAssured.given;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.acme.session.testing.RedisServer;
import org.acme.users.testing.SignedIn;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@TestProfile(LiveViewOffTest.Off.class)
class LiveViewOffTest {

    public static final class Off implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("users.live.access", "off");
        }
    }

    @Test
    void itIsNotThere() {
        given().get("/live").then().statusCode(404);
        SignedIn.as("root", "user", "admin").get("/live/events").then().statusCode(404);
    }
}
