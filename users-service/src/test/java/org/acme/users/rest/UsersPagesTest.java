package org.acme.users.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.xml.XmlPath;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.acme.session.contract.SessionRecord;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.acme.users.testing.SignedIn;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class UsersPagesTest {

    private final String alice = "alice-" + UUID.randomUUID();

    @Test
    void strangersAreWelcomeAndFindTheSignIn() {
        XmlPath page = given().get("/")
                .then()
                .statusCode(200)
                .contentType("text/html")
                .header("Set-Cookie", nullValue())
                .body(not(containsString("data-testid=\"sign-off\"")))
                .body(not(containsString("data-testid=\"accounts\"")))
                .extract()
                .htmlPath();
        assertEquals("/users/auth/sign-in", page.getString("**.find { it.@'data-testid' == 'sign-in' }.@href"));
    }

    @Test
    void whoIsSignedInIsNamedAsTextAndCanSignOff() {
        String name = "<b>" + alice + "</b>";
        XmlPath page = SignedIn.as(name, "user")
                .get("/")
                .then()
                .statusCode(200)
                .extract()
                .htmlPath();
        assertEquals(name, hook(page, "signed-in-name"));
        assertEquals("Sign out", hook(page, "sign-off"));
    }

    @Test
    @DisplayName("C6: pages that show who is signed in are not kept by the browser")
    void pagesThatDependOnTheSessionAreNotStored() {
        for (String path : List.of("/", "/profile", "/api/me")) {
            SignedIn.as(alice, "user").get(path).then().statusCode(200).header("Cache-Control", "no-store");
        }
    }

    @Test
    void theProfileTellsWhoAndSinceWhenAndUntilWhen() {
        SessionRecord session = TestSessions.sessionOf(alice, "user", "admin");
        XmlPath page = SignedIn.with(TestSessions.cookieOf(session))
                .get("/profile")
                .then()
                .statusCode(200)
                .body("html.head.title", startsWith("Your profile · "))
                .body(containsString(alice + "@example.org"))
                .body(containsString(datetime(session.createdAt())))
                .body(containsString(datetime(session.until())))
                .extract()
                .htmlPath();
        assertEquals("subject-of-" + alice, hook(page, "subject"));
        assertEquals(TestSessions.ISSUER, hook(page, "issuer"));
        assertEquals(TestSessions.PROVIDER, hook(page, "provider"));
        assertEquals("admin", hook(page, "role"));
        assertEquals(session.id().fingerprint(), hook(page, "fingerprint"));
    }

    @Test
    void visitsAreCountedInTheSessionTheyHappenIn() {
        String laptop = TestSessions.cookieOf(alice, "user");
        assertEquals("1", hook(SignedIn.with(laptop).get("/profile").htmlPath(), "visits"));
        assertEquals("2", hook(SignedIn.with(laptop).get("/profile").htmlPath(), "visits"));
        assertEquals("1", hook(SignedIn.as(alice, "user").get("/profile").htmlPath(), "visits"));
    }

    @Test
    void afterTheSignOffTheCookieOpensNothing() {
        String cookie = TestSessions.cookieOf(alice, "user");
        SignedIn.with(cookie).get("/api/me").then().statusCode(200);
        SignedIn.with(cookie).post("/auth/sign-off").then().statusCode(303);
        SignedIn.with(cookie).get("/api/me").then().statusCode(401);
    }

    @Test
    @DisplayName("E4: a sign-off that another site sends does nothing")
    void aSignOffFromAnotherSiteDoesNothing() {
        String cookie = TestSessions.cookieOf(alice, "user");
        given().header("Cookie", cookie)
                .header("Sec-Fetch-Site", "cross-site")
                .post("/auth/sign-off")
                .then()
                .statusCode(403);
        SignedIn.with(cookie).get("/api/me").then().statusCode(200);
    }

    @Test
    @DisplayName("I5: a script without a session gets 401, a problem document and no cookie")
    void scriptsOfStrangersAreToldWhereToSignIn() {
        given().accept("application/json")
                .get("/api/me")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", notNullValue())
                .header("Set-Cookie", nullValue())
                .body("sign_in", containsString("/users/auth/"));
    }

    @Test
    void aForgedCookieIsAStrangers() {
        given().header("Cookie", TestSessions.cookieOf(alice, "user") + "x")
                .get("/api/me")
                .then()
                .statusCode(401);
    }

    @Test
    void scriptsLearnWhoTheyAre() {
        SignedIn.as(alice, "user", "admin")
                .get("/api/me")
                .then()
                .statusCode(200)
                .contentType("application/json")
                .body("issuer", equalTo(TestSessions.ISSUER))
                .body("subject", equalTo("subject-of-" + alice))
                .body("roles", contains("admin", "user"));
        SignedIn.as("guest").get("/api/me").then().statusCode(403);
    }

    private static String datetime(Instant instant) {
        return "datetime=\"" + instant.truncatedTo(ChronoUnit.SECONDS) + "\"";
    }

    private static String hook(XmlPath page, String id) {
        return page.getString("**.find { it.@'data-testid' == '" + id + "' }");
    }
}
