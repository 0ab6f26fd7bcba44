package org.acme.projects.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.acme.projects.testing.SignedIn;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds for every page. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class PageSecurityTest extends Pages {

    @Test
    @DisplayName("E3: no page of ours needs inline code or style")
    void noPageNeedsInlineCode() {
        String id = create("Gemini");
        for (String path : List.of("/", "/" + id, "/" + id + "/edit", "/" + id + "/archive")) {
            String page = asAlice().get(path).asString();
            assertTrue(!page.matches("(?s).*(<style|style=|<script(?! type=\"module\" src=)|\\son\\w+=).*"), path);
        }
        given().get("/static/live.js").then().statusCode(200).header("Set-Cookie", nullValue());
    }

    @Test
    @DisplayName("E4: a form on another site creates nothing")
    void aFormOnAnotherSiteCreatesNothing() {
        String cookie = TestSessions.cookieOf(alice, "user");
        given().header("Cookie", cookie)
                .formParam("name", "planted")
                .post("/")
                .then()
                .statusCode(403);
        given().header("Cookie", cookie)
                .header("Origin", "https://evil.example")
                .formParam("name", "planted")
                .post("/")
                .then()
                .statusCode(403);
        asAlice().get("/").then().body(containsString("data-testid=\"no-projects\""));
    }

    @Test
    @DisplayName("C6: lists and projects are not kept by the browser")
    void pagesThatDependOnTheSessionAreNotStored() {
        String id = create("secret");
        for (String path : List.of("/", "/" + id, "/api/projects")) {
            asAlice().get(path).then().statusCode(200).header("Cache-Control", "no-store");
        }
    }

    @Test
    void whoHasNoRoleHereIsRefused() {
        SignedIn.as("guest").get("/").then().statusCode(403);
        SignedIn.as("guest").formParam("name", "any").post("/").then().statusCode(403);
    }
}
