package org.acme.session.internal.http;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.LogLines;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class UnreadableBodyTest {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data; boundary=X";
    private static final List<String> FORMS =
            List.of("form", "any-form", "blocking-form", "form-and-text", "part/form");

    /** Answered with that status; and so is the next request on the connection. */
    private static String answered(int status, String path, String type, String body, String... headers) {
        String answers = RawHttp.post("api/bodies/" + path, type, body, headers);
        assertEquals(status, RawHttp.status(answers), answers);
        assertTrue(RawHttp.hasAnsweredBoth(answers), answers);
        return answers;
    }

    private static Stream<String> forms() {
        return FORMS.stream();
    }

    @ParameterizedTest
    @MethodSource("forms")
    @DisplayName("F13, E8: a form that cannot be decoded is 400 at once, wherever a resource reads one")
    void undecodableForms(String path) {
        for (String body : List.of(
                "name=%zz",
                "name=%zz&x=1",
                "%",
                "%=1",
                "name=%",
                "name=%f",
                "name=%ff",
                "name=\u00ff",
                "name=%c3",
                "name=%ed%a0%80",
                "name=%c0%80",
                "a=1&\u0080=2",
                "name=%%",
                "name=%+1",
                "name=\u00c3%")) {
            answered(400, path, FORM, body);
        }
        answered(400, path, FORM, "7\r\nname=%z\r\n0\r\n\r\n", "Transfer-Encoding: chunked");
        answered(400, path, "Application/X-WWW-Form-Urlencoded; charset=\"UTF-8\"", "name=%z");
    }

    @ParameterizedTest
    @MethodSource("forms")
    @DisplayName("F13: a form that can be decoded is, however odd")
    void oddForms(String path) {
        for (String body :
                List.of("name=ok", "name=ok&", "&&name=ok", "name=o%6b", "x&name=ok&=&==", "n%61me=ok&%00=%00")) {
            String answers = answered(200, path, FORM, body);
            assertTrue(answers.contains(" ok"), answers);
        }
        answered(200, path, FORM, "");
        answered(200, path, FORM, "name=ok", "Content-Length: 7", "Expect: something");
        assertTrue(answered(200, path, FORM, "name=%F0%9F%98%80+%C3%B6")
                .contains("\u00f0\u009f\u0098\u0080 \u00c3\u00b6"));
    }

    @ParameterizedTest
    @MethodSource("forms")
    @DisplayName("F13: too long a field, and too many of them, are 413 with words; another character set is 415")
    void limitsOfForms(String path) {
        assertTrue(answered(413, path, FORM, "name=" + "x".repeat(9000)).contains("larger than we take"));
        answered(413, path, FORM, "x".repeat(9000));
        answered(413, path, FORM, "a=1&".repeat(1001));
        answered(200, path, FORM, "a=1&".repeat(999) + "name=ok");
        answered(415, path, FORM + "; charset=garbage!", "name=ok");
        answered(415, path, FORM + "; charset=utf-16", "name=ok");
        answered(415, path, FORM, "name=ok", "Content-Encoding: gzip");
        for (String charset : List.of("UTF-8", "\"utf-8\"", "ISO-8859-1", "us-ascii")) {
            answered(200, path, FORM + "; charset=" + charset, "name=ok");
        }
    }

    private static Stream<String> multipartForms() {
        return Stream.of("multipart", "any-form", "blocking-form", "part/form");
    }

    @ParameterizedTest
    @MethodSource("multipartForms")
    @DisplayName("F13: a multipart form that cannot be read is 400 at once")
    void brokenMultipart(String path) {
        String part = "--X\r\nContent-Disposition: form-data; name=\"name\"\r\n";
        String good = part + "\r\nok\r\n--X--\r\n";
        assertTrue(answered(200, path, MULTIPART, good).contains(" ok"));
        answered(400, path, MULTIPART, good.substring(0, 40));
        answered(400, path, MULTIPART, "garbage");
        answered(400, path, MULTIPART, "");
        answered(400, path, "multipart/form-data", good);
        answered(400, path, "multipart/form-data; boundary=", good);
        answered(400, path, MULTIPART + "; charset=garbage", good);
        answered(400, path, MULTIPART, part + "Content-Type: ;;;\r\n\r\nok\r\n--X--\r\n");
        answered(400, path, MULTIPART, part + "Content-Type: text/plain; charset=garbage\r\n\r\nok\r\n--X--\r\n");
        answered(413, path, MULTIPART, part + "\r\n" + "y".repeat(9000) + "\r\n--X--\r\n");
        answered(400, path, MULTIPART, (part + "\r\n1\r\n").repeat(1001) + "--X--\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "json-map", "blocking-json"})
    @DisplayName("F13: JSON that is broken, or of another type, is 400 with a problem document")
    void brokenJson(String path) {
        for (String body : List.of(
                "{",
                "[]",
                "\"x\"",
                "{\"stars\":{}}",
                "{\"stars\":\"x\"}",
                "{\"text\":\"\u00ff\"",
                "[".repeat(5000),
                "{\"stars\":1e999999}")) {
            assertTrue(answered(400, path, "application/json", body).contains("\"status\":400"));
        }
        answered(415, path, ";;;", "{}");
        answered(415, path, "text/plain", "{}");
        answered(200, path, "application/json", "{}");
    }

    @ParameterizedTest
    @CsvSource({"zz, text/plain", "'', text/plain", "12, text/plain; charset=garbage", "12, text/plain; charset=!!"})
    @DisplayName("F13: a body that is no number where one is wanted, or of no known character set, is 400")
    void brokenNumbers(String body, String type) {
        answered(400, "number", type, body);
    }

    @Test
    @DisplayName("F13, E8: whatever bytes a body has, and whatever it says it is, it is answered, and not by 5xx")
    void anyBytes() {
        Random random = new Random(20261128); // the same bytes in every run
        List<String> types =
                List.of(FORM, MULTIPART, "application/json", "text/plain", FORM + ";charset=x", "multipart/form-data");
        List<String> paths = List.of(
                "form",
                "any-form",
                "blocking-form",
                "map",
                "form-and-text",
                "multipart",
                "json",
                "blocking-json",
                "text",
                "number",
                "stream",
                "nothing",
                "part/form");
        List<String> words = List.of(
                "--X",
                "\r\n",
                "Content-Disposition: form-data; name=\"name\"",
                "\r\n\r\n",
                "--",
                "name",
                "=",
                "%",
                "&",
                "{",
                "}",
                "\"",
                "[",
                "\u0000",
                "\u00ff",
                "%ff",
                "filename=\"a\"",
                ";",
                "Content-Type: text/plain",
                "1",
                ":");
        for (int i = 0; i < 2000; i++) {
            StringBuilder body = new StringBuilder();
            for (int length = random.nextInt(12); length > 0; length--) {
                body.append(words.get(random.nextInt(words.size())));
            }
            String path = paths.get(i % paths.size());
            String type = types.get(random.nextInt(types.size()));
            String answers = RawHttp.post("api/bodies/" + path, type, body.toString());
            assertTrue(RawHttp.status(answers) < 500, () -> path + " " + type + " " + body + ": " + answers);
            assertTrue(RawHttp.hasAnsweredBoth(answers), () -> path + " " + type + " " + body + ": " + answers);
        }
    }

    @Test
    @DisplayName("F13: a body that nobody reads is no reason to be left without an answer")
    void unreadBodies() {
        answered(200, "nothing", FORM, "name=%zz");
        answered(200, "nothing", "garbage/;", "x".repeat(20_000));
    }

    @Test
    @DisplayName("F13: a person gets a page, a script a problem document; neither says what was sent")
    void words() {
        List<String> person = new ArrayList<>(List.of(NAVIGATION));
        person.addAll(List.of("Content-Type", FORM));
        HttpResponse<String> page = send("POST", "forms/form", null, "name=canary%zz", person.toArray(String[]::new));
        assertEquals(400, page.statusCode());
        assertTrue(page.headers().firstValue("Content-Type").orElse("").startsWith("text/html"));
        assertTrue(page.body().contains("We could not read what was sent"), page.body());
        HttpResponse<String> problem = send("POST", "api/bodies/form", null, "name=canary%zz", "Content-Type", FORM);
        assertEquals(
                "application/problem+json",
                problem.headers().firstValue("Content-Type").orElse(""));
        assertEquals(400, new JsonObject(problem.body()).getInteger("status"));
        assertFalse((page.body() + problem.body()).contains("canary"));
    }

    @Test
    @DisplayName("F13, L11: of a body that cannot be read nothing is logged")
    void nothingIsLogged() {
        try (LogLines log = LogLines.ofAll()) {
            answered(400, "form", FORM, "name=canary%zz");
            answered(400, "json", "application/json", "{\"canary\":");
            answered(400, "multipart", MULTIPART, "canary");
            answered(400, "number", "text/plain", "canary");
            assertEquals(
                    List.of(),
                    log.lines().stream().filter(line -> line.contains("canary")).toList());
        }
    }

    @Test
    @DisplayName("F13: what fails in a resource is still our failure, not the sender's")
    void ourOwnFailures() {
        answered(500, "broken", FORM, "name=ok");
    }
}
