package org.acme.@NAME@.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class GreetingTest {

    @Test
    void whoIsSignedInAnywhereIsGreeted() {
        given().header("Cookie", TestSessions.cookieOf("alice", "user"))
                .get("/")
                .then()
                .statusCode(200)
                .body(containsString("alice"));
    }

    @Test
    void aScriptWithTheSessionIsToldTheSame() {
        given().header("Cookie", TestSessions.cookieOf("alice", "user"))
                .get("/api/greeting")
                .then()
                .statusCode(200)
                .body("name", equalTo("alice"));
    }

    @Test
    @DisplayName("I5: a script without a session is told where to sign in")
    void aScriptWithoutASessionIsToldWhereToSignIn() {
        given().get("/api/greeting").then().statusCode(401).body("sign_in", containsString("/@NAME@/auth/"));
    }

    @Test
    @DisplayName("I12: whose account lacks the role is refused, and not sent to sign in again")
    void whoLacksTheRoleIsRefused() {
        given().header("Cookie", TestSessions.cookieOf("bob"))
                .get("/api/greeting")
                .then()
                .statusCode(403);
    }
}
