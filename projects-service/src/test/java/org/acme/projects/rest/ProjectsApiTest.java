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
import io.quarkus.test.junit.DisabledOnIntegrationTest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
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
    void aProjectIsReplacedInTheVersionThatWasSeen() {
        String location = create("Apollo");
        put(location, null, "no version").then().statusCode(428).contentType("application/problem+json");
        put(location, "\"1\"", "seen")
                .then()
                .statusCode(200)
                .header("ETag", "\"2\"")
                .body("name", equalTo("seen"))
                .body("description", equalTo("words"));
        for (String stale : List.of("\"1\"", "W/\"2\"", "2", "\"x\"")) {
            put(location, stale, "stale")
                    .then()
                    .statusCode(412)
                    .contentType("application/problem+json")
                    .body("status", equalTo(412));
        }
        put(location, "*", "whatever there is").then().statusCode(200).header("ETag", "\"3\"");
        at(location).get().then().header("ETag", "\"3\"").body("name", equalTo("whatever there is"));
    }

    @Test
    void aReplacementIsCheckedFieldByField() {
        String location = create("Apollo");
        at(location)
                .header("If-Match", "\"1\"")
                .contentType(ContentType.JSON)
                .body(Map.of("name", "", "description", "d".repeat(2001)))
                .put()
                .then()
                .statusCode(400)
                .body("errors.pointer", contains("#/name", "#/description"));
    }

    @Test
    void deletingArchivesAndRestoringTakesItBack() {
        String location = create("Apollo");
        at(location).header("If-Match", "\"9\"").delete().then().statusCode(412);
        at(location).delete().then().statusCode(204);
        at(location).get().then().body("archivedAt", matchesPattern(".+Z"));
        asAlice().get("/api/projects").then().body("projects", empty());
        asAlice().get("/api/projects?show=archived").then().body("projects.name", contains("Apollo"));
        put(location, "\"2\"", "late").then().statusCode(409);
        at(location + "/restore").post().then().statusCode(204);
        asAlice().get("/api/projects").then().body("projects.name", contains("Apollo"));
    }

    @DisabledOnIntegrationTest("the directory is one of the tests' classes")
    @Test
    void aProjectIsSharedByNameAndUnsharedByAddress() {
        String location = create("Apollo");
        String bob = "bob-" + UUID.randomUUID();
        share(location, "nobody-" + bob).then().statusCode(400).body("errors[0].pointer", equalTo("#/name"));
        String cookie = TestSessions.cookieOf(bob, "user");
        SignedIn.with(cookie).get("/api/projects").then().statusCode(200);

        String member = share(location, bob).then().statusCode(201).extract().header("Location");
        SignedIn.with(cookie)
                .basePath("")
                .get(location)
                .then()
                .statusCode(200)
                .body("role", equalTo("member"))
                .body("members.name", contains(bob));
        SignedIn.with(cookie).get("/api/projects?show=shared").then().body("projects.name", contains("Apollo"));
        SignedIn.with(cookie)
                .basePath("")
                .header("If-Match", "*")
                .contentType(ContentType.JSON)
                .body("{\"name\":\"his\"}")
                .put(location)
                .then()
                .statusCode(403)
                .contentType("application/problem+json");
        SignedIn.with(cookie).basePath("").delete(location).then().statusCode(403);

        at(member).delete().then().statusCode(204);
        SignedIn.with(cookie).basePath("").get(location).then().statusCode(404);
    }

    @Test
    void anUnknownListIsAProblemAndEverybodysIsForAdministrators() {
        asAlice().get("/api/projects?show=nonsense").then().statusCode(400).contentType("application/problem+json");
        asAlice().get("/api/projects?show=all").then().statusCode(403).contentType("application/problem+json");
    }

    @Test
    void strangersAreToldTheSameOfAProjectAndOfNone() {
        String location = create("Apollo");
        String none = "/projects/api/projects/" + UUID.randomUUID();
        List<String> answers = Stream.of(location, none)
                .map(path -> SignedIn.as("bob", "user")
                        .basePath("")
                        .header("If-Match", "*")
                        .contentType(ContentType.JSON)
                        .body("{\"name\":\"his\"}")
                        .put(path))
                .map(answer -> answer.statusCode() + answer.asString())
                .toList();
        assertEquals(answers.get(0), answers.get(1));
        assertEquals("404", answers.get(0).substring(0, 3));
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

    private RequestSpecification at(String location) {
        return asAlice().basePath(location);
    }

    private Response put(String location, String ifMatch, String name) {
        RequestSpecification request = at(location)
                .contentType(ContentType.JSON)
                .body("{\"name\":\"" + name + "\",\"description\":\"words\"}");
        return ifMatch == null
                ? request.put()
                : request.header("If-Match", ifMatch).put();
    }

    private Response share(String location, String name) {
        return at(location + "/members")
                .contentType(ContentType.JSON)
                .body("{\"name\":\"" + name + "\"}")
                .post();
    }

    private RequestSpecification asAlice() {
        return SignedIn.as(alice, "user");
    }
}
