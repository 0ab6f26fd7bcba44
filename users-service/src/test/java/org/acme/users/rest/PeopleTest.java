package org.acme.users.rest;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.acme.session.testing.RedisServer;
import org.acme.users.testing.ScriptedRealm;
import org.acme.users.testing.SignedIn;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is who, whatever the provider answers. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(ScriptedRealm.class)
class PeopleTest {

    private static final String PEOPLE = "/api/people";
    private static final String JSON = "application/json";

    private final String subject = UUID.randomUUID().toString();
    private final String caller = "alice-" + UUID.randomUUID();

    @BeforeEach
    void theProviderIsThere() {
        ScriptedRealm.givesTokens();
        ScriptedRealm.answers("users", 200, JSON, "{\"id\":\"" + subject + "\",\"username\":\"bob\"}");
    }

    @Test
    void somebodyIsCalledWhatTheyAreCalledAtTheProvider() {
        ask(subject).statusCode(200).body("[0].name", equalTo("bob")).body("[0].subject", equalTo(subject));
    }

    @ParameterizedTest
    @ValueSource(strings = {"count", "profile", "..", "../groups", "%2e%2e", "f:x:../../groups", "a/b"})
    @DisplayName("F15: a subject is a segment of a path, and no other address of the provider")
    void subjectsAreNoPaths(String word) {
        ScriptedRealm.answers("users", 200, JSON, "7");
        ask(word).statusCode(200).body("size()", equalTo(0));
    }

    @Test
    @DisplayName("F15: who is not who was asked for is nobody")
    void othersAreNobody() {
        ask(UUID.randomUUID().toString()).statusCode(200).body("size()", equalTo(0));
    }

    @Test
    @DisplayName("F15, E8: a subject that nobody has is asked about once, not each time")
    void unknownSubjectsAreRemembered() {
        ScriptedRealm.answers("users", 404, JSON, "{}");
        ask(subject).statusCode(200).body("size()", equalTo(0));
        ScriptedRealm.answers("users", 500, JSON, "{}");
        ask(subject).statusCode(200).body("size()", equalTo(0));
    }

    @Test
    @DisplayName("F18, E8: who has asked about too many is told when to ask again, and nobody else notices")
    void oneCallerHasABudget() {
        ask(subject).statusCode(200).body("[0].name", equalTo("bob"));
        ask(subject(99, 36)).statusCode(200);
        ask(subject(60, 36))
                .statusCode(429)
                .contentType("application/problem+json")
                .header("Retry-After", matchesPattern("\\d|1[0-2]"))
                .body("title", equalTo("Too many lookups"))
                .body("status", equalTo(429));
        ask(subject).statusCode(200).body("[0].name", equalTo("bob"));
        askAs("bob", subject(20, 36)).statusCode(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "token | 400 | application/json | {\"error\":\"invalid_client\"}",
                "token | 401 | application/json | {\"error\":\"unauthorized_client\"}",
                "token | 403 | text/html        | <h1>Forbidden</h1>",
                "token | 500 | text/html        | <h1>Oops</h1>",
                "token | 503 | text/plain       | starting",
                "token | 200 | text/html        | <h1>Maintenance</h1>",
                "token | 200 | application/json | {}",
                "token | 0   | text/plain       | silence",
                "users | 400 | application/json | {}",
                "users | 401 | application/json | {\"error\":\"HTTP 401 Unauthorized\"}",
                "users | 403 | application/json | {\"error\":\"HTTP 403 Forbidden\"}",
                "users | 429 | text/plain       | slowly",
                "users | 500 | application/json | {\"error\":\"unknown_error\"}",
                "users | 502 | text/html        | <h1>Bad Gateway</h1>",
                "users | 503 | text/html        | <h1>Later</h1>",
                "users | 302 | text/html        | moved",
                "users | 200 | text/html        | <h1>Maintenance</h1>",
                "users | 200 | application/json | <h1>Maintenance</h1>",
                "users | 200 | application/json | {}",
                "users | 200 | application/json | null",
                "users | 200 | application/json | {\"id\":\"7\",\"username\":null}",
                "users | 200 | application/json | {\"id\":\"7\",\"usern",
                "users | 0   | text/plain       | silence"
            })
    @DisplayName(
            "F46 R5: whatever the provider answers, people cannot be asked about for now, and that is what is said")
    void theProviderIsAway(String endpoint, int status, String type, String body) {
        ScriptedRealm.answers(endpoint, status, type, body);
        ask(subject)
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", "2")
                .body("title", equalTo("The directory does not answer"));
    }

    @Test
    @DisplayName("F26: a hundred subjects fit into one question, each of a provider's longest into a body")
    void aHundredSubjects() {
        ask(subject(100, 36)).statusCode(200);
        post(subjects(100, 255)).statusCode(200);
    }

    @Test
    @DisplayName("F26: one more than a hundred is explained to the script")
    void aHundredAndOneSubjects() {
        for (ValidatableResponse answer : new ValidatableResponse[] {
            ask(subject(101, 36)), post(subjects(101, 36)),
        }) {
            answer.statusCode(400)
                    .contentType("application/problem+json")
                    .body("detail", equalTo("At most 100 subjects at once."));
        }
        post("{}").statusCode(400).body("detail", containsString("subjects"));
        post("{\"subjects\":[null]}").statusCode(400).body("detail", containsString("subjects"));
    }

    private ValidatableResponse ask(String subjects) {
        return askAs(caller, subjects);
    }

    private static ValidatableResponse askAs(String caller, String subjects) {
        return SignedIn.as(caller, "user").get(PEOPLE + "?subject=" + subjects).then();
    }

    private ValidatableResponse post(String body) {
        return SignedIn.as(caller, "user")
                .contentType(ContentType.JSON)
                .body(body)
                .post(PEOPLE)
                .then();
    }

    private static String subject(int count, int length) {
        return random(count, length).collect(Collectors.joining("&subject="));
    }

    private static String subjects(int count, int length) {
        return random(count, length).collect(Collectors.joining("\",\"", "{\"subjects\":[\"", "\"]}"));
    }

    private static Stream<String> random(int count, int length) {
        return IntStream.range(0, count).mapToObj(i -> (UUID.randomUUID() + "0".repeat(length)).substring(0, length));
    }
}
