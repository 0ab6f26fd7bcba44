package org.acme.projects.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.UUID;
import org.acme.projects.testing.SignedIn;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class ProjectPagesTest {

    /** New in each test, so that no test sees another one's projects. */
    private final String alice = "alice-" + UUID.randomUUID();

    @Test
    void aNewUserSeesAnEmptyListAndTheForm() {
        asAlice()
                .get("/")
                .then()
                .statusCode(200)
                .contentType("text/html")
                .body("html.@lang", equalTo("en"))
                .body(containsString("<title>Your projects"))
                .body(containsString("data-testid=\"no-projects\""))
                .body(containsString("<label for=\"project-name\">"))
                .body(containsString("data-testid=\"create-project\""))
                .body(containsString("<form method=\"post\" action=\"/projects/auth/sign-off\">"));
    }

    @Test
    void aCreatedProjectIsShownAfterARedirectSoThatReloadingCreatesNothing() {
        String created = asAlice()
                .formParam("name", "Apollo")
                .post("/")
                .then()
                .statusCode(303)
                .extract()
                .header("Location");
        assertTrue(created.matches("/projects/[0-9a-f-]{36}\\?done=created"), created);
        asAlice().basePath("").get(created).then().body(containsString("The project is created."));
        assertEquals(
                1,
                asAlice()
                        .get("/")
                        .htmlPath()
                        .getList("**.findAll { it.@'data-testid' == 'project' }")
                        .size());
    }

    @Test
    void aBlankNameIsExplainedAtTheField() {
        asAlice()
                .formParam("name", "   ")
                .post("/")
                .then()
                .statusCode(400)
                .contentType("text/html")
                .body(containsString("aria-invalid=\"true\""))
                .body(containsString("aria-describedby=\"project-name-wrong\""))
                .body(containsString("Give the project a name."));
    }

    @Test
    void whatWasTypedSurvivesTheRefusal() {
        String tooLong = "n".repeat(101);
        asAlice()
                .formParam("name", tooLong)
                .post("/")
                .then()
                .statusCode(400)
                .body(containsString("value=\"" + tooLong + "\""))
                .body(containsString("Use at most 100 characters."));
    }

    @Test
    void aNameIsTextAndNeverMarkup() {
        asAlice()
                .formParam("name", "<img src=x onerror='alert(1)'>\"")
                .post("/")
                .then()
                .statusCode(303);
        asAlice().get("/").then().body(not(containsString("<img"))).body(containsString("&lt;img src=x"));
        asAlice().formParam("name", "\"><script>\n").post("/").then().statusCode(303);
        asAlice()
                .formParam("name", "\"><script>\n".repeat(20))
                .post("/")
                .then()
                .statusCode(400)
                .body(not(containsString("<script")));
    }

    @Test
    void namesOfAllLanguagesSurvive() {
        asAlice()
                .contentType("application/x-www-form-urlencoded; charset=UTF-8")
                .formParam("name", "Übermut 🚀")
                .post("/")
                .then()
                .statusCode(303);
        asAlice().get("/").then().body(containsString(">Übermut 🚀</a>"));
    }

    @Test
    void aProjectHasAPageForItsOwnerAndForAdministratorsAndForNobodyElse() {
        String id = create("Gemini");
        asAlice().get("/" + id).then().statusCode(200).body("html.body.main.h1", equalTo("Gemini"));
        SignedIn.as("root", "user", "admin").get("/" + id).then().statusCode(200);
        SignedIn.as("bob", "user").get("/" + id).then().statusCode(404).contentType("text/html");
        SignedIn.as("bob", "user").get("/" + UUID.randomUUID()).then().statusCode(404);
    }

    @Test
    void aListIsBoundedAndLeadsToOlderProjects() {
        for (int i = 1; i <= 21; i++) {
            create("project " + i);
        }
        String older = asAlice().get("/").htmlPath().getString("**.find { it.@'data-testid' == 'older' }.@href");
        assertEquals(
                1,
                asAlice()
                        .basePath("")
                        .get(older)
                        .htmlPath()
                        .getList("**.findAll { it.@'data-testid' == 'project' }")
                        .size());
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

    @Test
    void theStyleSheetIsServedWithoutASession() {
        given().get("/static/style.css")
                .then()
                .statusCode(200)
                .contentType("text/css")
                .header("Set-Cookie", nullValue());
    }

    private String create(String name) {
        return asAlice()
                .contentType("application/json")
                .body("{\"name\":\"" + name + "\"}")
                .post("/api/projects")
                .then()
                .statusCode(201)
                .header("Location", startsWith("/projects/api/projects/"))
                .extract()
                .path("id");
    }

    private RequestSpecification asAlice() {
        return SignedIn.as(alice, "user");
    }
}
