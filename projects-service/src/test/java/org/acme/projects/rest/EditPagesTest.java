package org.acme.projects.rest;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.DisabledOnIntegrationTest;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.acme.projects.testing.SignedIn;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A project's own page: who sees it, and what its owner can change. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class EditPagesTest extends Pages {

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
}
