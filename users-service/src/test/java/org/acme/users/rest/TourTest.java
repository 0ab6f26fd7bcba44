package org.acme.users.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.not;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.acme.session.testing.RedisServer;
import org.acme.users.testing.SignedIn;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The start page of a demonstration; {@link UsersPagesTest} opens one of none. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@TestProfile(TourTest.Demonstration.class)
class TourTest {

    public static final class Demonstration implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "users.home.tour", "true",
                    "users.home.account-console", "http://localhost:8180/realms/sso/account/");
        }
    }

    @Test
    @DisplayName("a demonstration shows its accounts and what there is to try, to strangers and to those signed in")
    void everybodySeesTheTour() {
        for (var who : new io.restassured.specification.RequestSpecification[] {given(), SignedIn.as("bob", "user")}) {
            who.get("/")
                    .then()
                    .statusCode(200)
                    .body(allOf(
                            containsString("data-testid=\"accounts\""),
                            containsString("href=\"/guarded/\""),
                            containsString("href=\"http://localhost:8180/realms/sso/account/\"")));
        }
    }

    @Test
    @DisplayName("the start page leads to the live view whoever may open it")
    void theLiveViewForWhoMayOpenIt() {
        given().get("/").then().body(not(containsString("/users/live")));
        SignedIn.as("bob", "user").get("/").then().body(not(containsString("/users/live")));
        SignedIn.as("root", "user", "admin").get("/").then().body(containsString("/users/live"));
    }
}
