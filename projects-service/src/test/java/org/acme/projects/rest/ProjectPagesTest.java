package org.acme.projects.rest;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import org.acme.projects.testing.SignedIn;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.Test;

/** The lists of projects, and how one is created. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class ProjectPagesTest extends Pages {

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
                .body(containsString("<form method=\"post\" action=\"/projects/auth/sign-off\""));
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
        asAlice().get("/").then().body(not(containsString("<img src=x"))).body(containsString("&lt;img src=x"));
        asAlice().formParam("name", "\"><script>\n").post("/").then().statusCode(303);
        asAlice()
                .formParam("name", "\"><script>\n".repeat(20))
                .post("/")
                .then()
                .statusCode(400)
                .body(not(containsString("<script>")));
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
    void eachListSaysSoWhenItIsEmptyAndOnlyAdministratorsAreOfferedAll() {
        for (String list : List.of("own", "shared", "archived")) {
            asAlice().get("/?show=" + list).then().statusCode(200).body(containsString("no-projects"));
        }
        asAlice().get("/").then().body(not(containsString("show=all")));
        asAlice().get("/?show=all").then().statusCode(403);
        SignedIn.as("root", "user", "admin").get("/?show=all").then().statusCode(200);
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
}
