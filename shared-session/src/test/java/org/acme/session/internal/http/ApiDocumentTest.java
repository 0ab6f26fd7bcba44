package org.acme.session.internal.http;

import static org.acme.session.notes.Browser.BARE;
import static org.acme.session.notes.Browser.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a service says about its API. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class ApiDocumentTest {

    private final JsonObject document =
            new JsonObject(get("q/openapi?format=json", null, BARE).body());
    private final JsonObject paths = document.getJsonObject("paths");

    private JsonArray securityOf(String path) {
        return paths.getJsonObject(path).getJsonObject("get").getJsonArray("security");
    }

    @Test
    @DisplayName("A1 the document names what takes bearer tokens, and no page")
    void apisOnly() {
        assertTrue(paths.containsKey("/notes/api/notes"), paths.fieldNames().toString());
        assertTrue(paths.containsKey("/notes/service"));
        assertTrue(paths.fieldNames().stream()
                .allMatch(path -> AcceptedCredentials.of(path).takesBearerTokens()));
        JsonObject schemas = document.getJsonObject("components").getJsonObject("schemas");
        assertFalse(schemas.containsKey("Buffer"), "what a page takes is left out with it: " + schemas.fieldNames());
    }

    @Test
    @DisplayName(
            "A1 it says that an API takes a token or the session, with which role; what is for services a token only")
    void whichCredentialsCount() {
        assertEquals(
                new JsonArray("[{\"bearer\":[\"user\"]},{\"session\":[\"user\"]}]"), securityOf("/notes/api/notes"));
        assertEquals(new JsonArray("[{\"bearer\":[]}]"), securityOf("/notes/service"));
        JsonObject schemes = document.getJsonObject("components").getJsonObject("securitySchemes");
        assertEquals(Set.of("bearer", "session"), schemes.fieldNames());
    }

    @Test
    @DisplayName("A2 whatever is refused is a problem document")
    void refusalsAreProblems() {
        JsonObject answers =
                paths.getJsonObject("/notes/api/notes").getJsonObject("get").getJsonObject("responses");
        for (String status : new String[] {"401", "403", "503"}) {
            assertEquals(
                    "#/components/responses/Problem",
                    answers.getJsonObject(status).getString("$ref"));
        }
        assertTrue(document.getJsonObject("components")
                .getJsonObject("responses")
                .getJsonObject("Problem")
                .getJsonObject("content")
                .containsKey("application/problem+json"));
    }
}
