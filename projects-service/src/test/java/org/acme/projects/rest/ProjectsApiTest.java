package org.acme.projects.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.UUID;
import org.acme.projects.testing.SignedIn;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class ProjectsApiTest {

    private final String alice = "alice-" + UUID.randomUUID();

    @Test
    void aCreatedProjectIsFoundAtItsLocation() {
        String location = create("Apollo");
        asAlice()
                .basePath("")
                .get(location)
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .body("name", equalTo("Apollo"))
                .body("owner.issuer", equalTo(TestSessions.ISSUER))
                .body("owner.subject", equalTo("subject-of-" + alice))
                .body("createdAt", matchesPattern("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ"))
                .body("id", equalTo(location.substring(location.lastIndexOf('/') + 1)));
    }

    @Test
    void aListHoldsOnlyOnesOwnProjectsNewestFirst() {
        asAlice()
                .get("/api/projects")
                .then()
                .statusCode(200)
                .body("projects", empty())
                .body("next", nullValue());
        create("one");
        create("two");
        asAlice().get("/api/projects").then().body("projects.name", contains("two", "one"));
    }

    @Test
    void administratorsSeeEverybodysProjects() {
        create("hers");
        SignedIn.as("root", "user", "admin")
                .get("/api/projects?show=all")
                .then()
                .statusCode(200)
                .body("projects.owner.subject", hasItem("subject-of-" + alice));
    }

    @Test
    void aListIsBoundedAndNamesItsContinuation() {
        for (int i = 1; i <= 21; i++) {
            create("project " + i);
        }
        String next = asAlice()
                .get("/api/projects")
                .then()
                .body("projects", hasSize(20))
                .extract()
                .path("next");
        asAlice()
                .basePath("")
                .get(next)
                .then()
                .body("projects.name", contains("project 1"))
                .body("next", nullValue());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"name\":null}", "{\"name\":\"  \"}", "{\"name\":\"a\\nb\"}", "null", ""})
    void aBadNameIsAProblemAtTheField(String body) {
        asAlice()
                .contentType(ContentType.JSON)
                .body(body)
                .post("/api/projects")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("status", equalTo(400))
                .body("errors[0].pointer", equalTo("#/name"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "7", "{\"name\":{}}", "name=x"})
    void whatIsNoProjectIsAProblemDocumentToo(String body) {
        asAlice()
                .contentType(ContentType.JSON)
                .body(body)
                .post("/api/projects")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("title", equalTo("Bad Request"));
    }

    @Test
    void somebodyElsesProjectDoesNotExist() {
        String location = create("hers");
        SignedIn.as("bob", "user")
                .basePath("")
                .get(location)
                .then()
                .statusCode(404)
                .contentType("application/problem+json");
    }

    @Test
    @DisplayName("I5: a script without a session gets 401, a problem document and no cookie")
    void scriptsOfStrangersAreToldWhereToSignIn() {
        given().accept(ContentType.JSON)
                .get("/api/projects")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("Set-Cookie", nullValue());
    }

    @Test
    @DisplayName("E4: a write that another site sends with the user's cookie changes nothing")
    void aWriteFromAnotherSiteIsRefused() {
        String cookie = TestSessions.cookieOf(alice, "user");
        for (String site : List.of("cross-site", "same-site", "none")) {
            given().header("Cookie", cookie)
                    .header("Sec-Fetch-Site", site)
                    .contentType(ContentType.JSON)
                    .body("{\"name\":\"planted\"}")
                    .post("/api/projects")
                    .then()
                    .statusCode(403);
        }
        asAlice().get("/api/projects").then().body("projects", empty());
    }

    @Test
    void theRoleUserIsNeeded() {
        SignedIn.as("guest").get("/api/projects").then().statusCode(403);
        SignedIn.as("guest")
                .contentType(ContentType.JSON)
                .body("{\"name\":\"x\"}")
                .post("/api/projects")
                .then()
                .statusCode(403);
    }

    private String create(String name) {
        String location = asAlice()
                .contentType(ContentType.JSON)
                .body("{\"name\":\"" + name + "\"}")
                .post("/api/projects")
                .then()
                .statusCode(201)
                .extract()
                .header("Location");
        assertEquals(0, location.indexOf("/projects/api/projects/"));
        return location;
    }

    private RequestSpecification asAlice() {
        return SignedIn.as(alice, "user");
    }
}
