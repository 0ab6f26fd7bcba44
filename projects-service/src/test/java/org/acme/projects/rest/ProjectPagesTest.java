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
import io.quarkus.test.junit.DisabledOnIntegrationTest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.xml.XmlPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.acme.projects.testing.SignedIn;
import org.acme.session.contract.Identity;
import org.acme.session.contract.SessionRecord;
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
    void aProjectHasAPageForItsOwnerAndForAdministratorsAndForNobodyElse() {
        String id = create("Gemini");
        asAlice().get("/" + id).then().statusCode(200).body("html.body.main.h1", equalTo("Gemini"));
        SignedIn.as("root", "user", "admin").get("/" + id).then().statusCode(200);
        SignedIn.as("bob", "user").get("/" + id).then().statusCode(404).contentType("text/html");
        SignedIn.as("bob", "user").get("/" + UUID.randomUUID()).then().statusCode(404);
    }

    @DisabledOnIntegrationTest("the directory is one of the tests' classes")
    @Test
    void theOwnerOfAProjectIsOfferedItsChangesAndReadersAreNot() {
        String id = create("Gemini");
        String bobs = member(id);
        asAlice()
                .get("/" + id)
                .then()
                .body(containsString("data-testid=\"edit\""))
                .body(containsString("<label for=\"member-name\">"))
                .body(containsString("data-testid=\"remove-member\""));
        SignedIn.with(bobs)
                .get("/" + id)
                .then()
                .statusCode(200)
                .body(containsString("It is shared with you"))
                .body(not(containsString("data-testid=\"edit\"")))
                .body(not(containsString("data-testid=\"remove-member\"")))
                .body(not(containsString("member-name")));
        for (String path : List.of("/edit", "/archive")) {
            SignedIn.with(bobs).get("/" + id + path).then().statusCode(403);
            SignedIn.as("carol", "user").get("/" + id + path).then().statusCode(404);
        }
        for (String path : List.of("/edit", "/archive", "/restore", "/members", "/members/remove")) {
            SignedIn.with(bobs)
                    .formParam("name", "bob's")
                    .post("/" + id + path)
                    .then()
                    .statusCode(403);
            SignedIn.as("carol", "user")
                    .formParam("name", "carol's")
                    .post("/" + id + path)
                    .then()
                    .statusCode(404);
        }
        asAlice().get("/" + id).then().body("html.body.main.h1", equalTo("Gemini"));
    }

    @Test
    void whatIsSavedIsShownAfterARedirect() {
        String id = create("Gemini");
        edit(id, "1", "Gemini 8", "Docking.\r\nThen home.")
                .then()
                .statusCode(303)
                .header("Location", "/projects/" + id + "?done=saved");
        asAlice()
                .get("/" + id + "?done=saved")
                .then()
                .body(containsString("The project is saved."))
                .body("html.body.main.h1", equalTo("Gemini 8"))
                .body(containsString("Docking.\nThen home."));
        asAlice().get("/" + id + "?done=<b>owned</b>").then().statusCode(200).body(not(containsString("owned")));
    }

    @Test
    @DisplayName("E7: who saves over somebody else's change sees both texts and loses neither")
    void aConflictShowsBothTexts() {
        String id = create("Gemini");
        edit(id, "1", "theirs", "their words").then().statusCode(303);
        String page = edit(id, "1", "mine", "my words")
                .then()
                .statusCode(409)
                .body(containsString("role=\"alert\""))
                .body(containsString(">theirs<"))
                .body(containsString(">their words<"))
                .body(containsString("value=\"mine\""))
                .body(containsString("my words</textarea>"))
                .extract()
                .asString();
        asAlice().get("/" + id).then().body("html.body.main.h1", equalTo("theirs"));
        assertTrue(page.contains("name=\"version\" value=\"2\""), "sent again, it is meant");
        edit(id, "2", "mine", "my words").then().statusCode(303);
    }

    @Test
    @DisplayName("E7: what is wrong with an edit is said at the field, and nothing typed is lost")
    void aWrongEditKeepsWhatWasTyped() {
        String id = create("Gemini");
        edit(id, "1", "", "still here")
                .then()
                .statusCode(400)
                .body(containsString("aria-describedby=\"project-name-wrong\""))
                .body(containsString("still here</textarea>"));
        edit(id, "1", "n", "d".repeat(2001))
                .then()
                .statusCode(400)
                .body(containsString("aria-describedby=\"project-description-wrong project-description-help\""))
                .body(containsString("Use at most 2000 characters."));
        edit(id, "no number", "n", "d").then().statusCode(409);
    }

    @Test
    void sharingWithSomebodyUnknownIsExplainedAtTheField() {
        String id = create("Gemini");
        asAlice()
                .formParam("name", "nobody-" + alice)
                .post("/" + id + "/members")
                .then()
                .statusCode(400)
                .body(containsString("value=\"nobody-" + alice + "\""))
                .body(containsString("aria-describedby=\"member-name-wrong member-name-help\""));
    }

    @DisabledOnIntegrationTest("the directory is one of the tests' classes")
    @Test
    @DisplayName("F36: a full name is not shared with: its user names are offered, each with a form of its own")
    void aFullNameIsConfirmed() {
        String id = create("Gemini");
        String fullName = "Nobody Else " + UUID.randomUUID();
        String bob = "bob-" + UUID.randomUUID();
        SignedIn.with(called(bob, fullName)).get("/").then().statusCode(200);

        XmlPath page = share(id, fullName).then().statusCode(400).extract().htmlPath();
        assertEquals(fullName, page.getString("**.find { it.@id == 'member-name' }.@value"));
        assertEquals(bob, page.getString("**.find { it.@'data-testid' == 'suggestion' }"));
        String key = page.getString("**.find { it.@name == 'person' }.@value");

        confirm(id, "another-" + bob, key).then().statusCode(400).body(containsString("somebody else"));
        asAlice().get("/" + id).then().body(containsString("data-testid=\"no-members\""));
        confirm(id, bob, key).then().statusCode(303).header("Location", "/projects/" + id + "?done=shared");
    }

    private Response confirm(String id, String name, String key) {
        return asAlice().formParam("name", name).formParam("person", key).post("/" + id + "/members");
    }

    private static String called(String name, String fullName) {
        SessionRecord session = TestSessions.sessionOf(name, "user");
        Identity user = session.identity();
        Identity named = new Identity(
                user.provider(),
                user.issuer(),
                user.subject(),
                user.providerSession(),
                user.name(),
                user.roles(),
                Map.of("name", fullName));
        return TestSessions.cookieOf(SessionRecord.begin(
                session.id(), named, session.createdAt(), session.until(), "a test", session.tokens()));
    }

    @Test
    @DisplayName("F36: who signs in elsewhere under somebody's user name is not taken for them")
    void aNamesakeOfAnotherProvider() {
        SessionRecord session = TestSessions.sessionOf("alice", "user");
        Identity user = session.identity();
        Identity elsewhere =
                new Identity("octo", "https://octo.test", "7", Optional.empty(), user.name(), user.roles(), Map.of());
        String cookie = TestSessions.cookieOf(SessionRecord.begin(
                session.id(), elsewhere, session.createdAt(), session.until(), "a test", session.tokens()));
        String location = SignedIn.with(cookie)
                .formParam("name", "hers?")
                .post("/")
                .then()
                .statusCode(303)
                .extract()
                .header("Location");
        SignedIn.with(cookie)
                .basePath("")
                .get(location)
                .then()
                .body("**.find { it.@'data-testid' == 'owner' }.text().trim()", equalTo("alice (octo)"));
    }

    @Test
    @DisplayName("F27: the address of a form that failed answers GET with the page the form is on")
    void theAddressOfAFormIsAPage() {
        String id = create("Gemini");
        share(id, "nobody").then().statusCode(400);
        for (String form : List.of("members", "members/remove", "restore", "edit", "archive")) {
            asAlice()
                    .get("/" + id + "/" + form)
                    .then()
                    .statusCode(200)
                    .contentType("text/html")
                    .body(containsString("Gemini"));
            SignedIn.as("bob", "user").get("/" + id + "/" + form).then().statusCode(404);
        }
    }

    private Response share(String id, String name) {
        return asAlice().formParam("name", name).post("/" + id + "/members");
    }

    @Test
    void archivingAsksFirstAndCanBeTakenBack() {
        String id = create("Gemini");
        asAlice()
                .get("/" + id + "/archive")
                .then()
                .statusCode(200)
                .body(containsString("action=\"/projects/" + id + "/archive\""));
        asAlice().get("/" + id).then().body(not(containsString("data-testid=\"archived\"")));
        asAlice().post("/" + id + "/archive").then().statusCode(303);
        asAlice().get("/" + id).then().body(containsString("data-testid=\"archived\""));
        asAlice().get("/").then().body(containsString("data-testid=\"no-projects\""));
        asAlice().get("/?show=archived").then().body(containsString("Gemini"));
        asAlice().get("/" + id + "/edit").then().statusCode(409);
        asAlice().post("/" + id + "/restore").then().statusCode(303);
        asAlice().get("/").then().body(containsString("Gemini"));
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

    private Response edit(String id, String version, String name, String description) {
        return asAlice()
                .formParam("version", version)
                .formParam("name", name)
                .formParam("description", description)
                .post("/" + id + "/edit");
    }

    /** @return the Cookie header of somebody whom the project is shared with */
    private String member(String id) {
        String bob = "bob-" + UUID.randomUUID();
        String cookie = TestSessions.cookieOf(bob, "user");
        SignedIn.with(cookie).get("/").then().statusCode(200);
        asAlice()
                .formParam("name", bob)
                .post("/" + id + "/members")
                .then()
                .statusCode(303)
                .header("Location", "/projects/" + id + "?done=shared");
        return cookie;
    }

    private RequestSpecification asAlice() {
        return SignedIn.as(alice, "user");
    }
}
