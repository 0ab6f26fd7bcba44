package org.acme.projects.rest;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.DisabledOnIntegrationTest;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.xml.XmlPath;
import io.restassured.response.Response;
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

/** Whom a project is shared with, as its owner says it on a page. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class SharingPagesTest extends Pages {

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
}
