package org.acme.projects.rest;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.acme.projects.testing.SignedIn;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What people type, in every script, up to what the page allows and beyond; as browsers send it, and as scripts do. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class TypedTextTest {

    private static final String FORM = "application/x-www-form-urlencoded; charset=UTF-8";

    private String alice;

    @BeforeEach
    void signIn() {
        alice = TestSessions.cookieOf("alice-" + UUID.randomUUID(), "user");
    }

    @ParameterizedTest
    @ValueSource(strings = {"d", "Ö", "中", "\uD83D\uDE00", "\u0301", "\u202B", "%", "\"", "<", "&"})
    @DisplayName(
            "F25 E7: 2,000 letters of any script are saved; one more comes back with a message, and with all that was typed")
    void twoThousandOfAnyLetter(String letter) {
        String longest = "." + letter.repeat(1998) + ".";
        String created = create("n".repeat(99) + letter, longest)
                .statusCode(303)
                .extract()
                .header("Location");
        String read = created.replaceAll("/projects/(.*)\\?.*", "/api/projects/$1");
        SignedIn.with(alice).get(read).then().body("description", equalTo(longest));

        String tooLong = longest + "x";
        create("a name", tooLong)
                .statusCode(400)
                .body(containsString("Use at most 2000 characters. These are 2001."))
                .body("**.find { it.@id == 'project-name' }.@value", equalTo("a name"))
                .body("**.find { it.@id == 'project-description' }.text().trim()", equalTo(tooLong));
        send("a name", tooLong)
                .statusCode(400)
                .body("errors[0].pointer", equalTo("#/description"))
                .body("errors[0].detail", equalTo("Use at most 2000 characters. These are 2001."));
        send("a name", longest).statusCode(201).body("description", equalTo(longest));
    }

    @Test
    @DisplayName("F25: as much as the page's fields hold, encoded as badly as can be, comes back with a message")
    void asMuchAsTheFieldsHold() {
        create("中".repeat(500), "中".repeat(6000))
                .statusCode(400)
                .body(containsString("Use at most 100 characters. These are 500."))
                .body(containsString("These are 6000."));
        create("n", ".\r\n".repeat(2999) + "..").statusCode(400).body(containsString("These are 6000."));
    }

    @Test
    @DisplayName("F25: two thousand letters and line ends are counted as the page counts them")
    void lineEndsCountAsOne() {
        create("lines", ".\r\n".repeat(999) + "..").statusCode(303);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nul %00", "bell %07", "escape %1B", "next line %C2%85"})
    @DisplayName("F25 E7: what no text has is refused at its field, and what was typed stays")
    void controlCharacters(String encoded) {
        SignedIn.with(alice)
                .contentType(FORM)
                .body("name=fine&description=" + encoded.replace(' ', '+'))
                .post("/")
                .then()
                .statusCode(400)
                .body(containsString("Use no control characters."))
                .body(containsString("value=\"fine\""))
                .body(containsString(encoded.split(" ")[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\ud83d", "\\ude00 x", "x\\u0000", "\\ud83d\\ud83d"})
    @DisplayName("F25: half a letter in JSON is refused, not stored as a question mark")
    void halfALetter(String escaped) {
        SignedIn.with(alice)
                .contentType(ContentType.JSON)
                .body("{\"name\":\"" + escaped + "\",\"description\":\"" + escaped + "\"}")
                .post("/api/projects")
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
    }

    @Test
    @DisplayName("F25: more than a body may have is refused; the words are nginx', which has the same limit")
    void moreThanABodyMayHave() {
        SignedIn.with(alice)
                .contentType(FORM)
                .body("name=x&description=" + "d".repeat(70_000))
                .post("/")
                .then()
                .statusCode(413);
    }

    private ValidatableResponse create(String name, String description) {
        return SignedIn.with(alice)
                .contentType(FORM)
                .formParam("name", name)
                .formParam("description", description)
                .post("/")
                .then();
    }

    private ValidatableResponse send(String name, String description) {
        return SignedIn.with(alice)
                .contentType(ContentType.JSON)
                .body(new JsonObject()
                        .put("name", name)
                        .put("description", description)
                        .encode())
                .post("/api/projects")
                .then();
    }
}
