package org.acme.session.internal.forwardauth;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a proxy that guards is told about a request, and what it hands on to who was not let through. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class ForwardAuthTest {

    @Test
    @DisplayName("F14 E9 the proxy is told of the roles that it asks for, and of no others")
    void roles() {
        String cookie = TestSessions.cookieOf("alice", "user", "admin", "secret");
        assertEquals("admin,user", told("auth/verify?role=user&roles=admin,boss", cookie));
        assertEquals("user", told("auth/verify?role=user", cookie));
        assertEquals("", told("auth/verify", cookie));
    }

    private static String told(String path, String cookie) {
        HttpResponse<String> answer = get(path, cookie, SCRIPT);
        assertEquals(200, answer.statusCode());
        return answer.headers().firstValue("Sso-Roles").orElse("");
    }

    @Test
    @DisplayName("F14 more roles than an application can be told of: 431 with words, before and behind the door")
    void tooMuchToTell() {
        String[] roles =
                IntStream.range(0, 1_000).mapToObj(i -> "/".repeat(30) + i).toArray(String[]::new);
        String cookie = TestSessions.cookieOf("alice", roles);
        assertEquals(200, get("auth/verify?role=" + roles[0], cookie, SCRIPT).statusCode());
        String all = "?roles=" + String.join(",", java.util.List.of(roles).subList(0, 60));
        assertEquals(431, get("auth/verify" + all, cookie, SCRIPT).statusCode());
        HttpResponse<String> page = get("auth/enter" + all, cookie, guarded("GET", "431", NAVIGATION));
        assertEquals(431, page.statusCode());
        assertTrue(page.body().contains("too many roles"), page.body());
        assertEquals(
                "application/problem+json",
                header(get("auth/enter" + all, cookie, guarded("GET", "431", SCRIPT)), "Content-Type"));
    }

    @Test
    @DisplayName("F30 E9 who has signed in meanwhile goes on to the page, if it was a sign-in that was missing")
    void signedInMeanwhile() {
        String cookie = TestSessions.cookieOf("alice", "user");
        HttpResponse<String> on = get("auth/enter?role=user", cookie, guarded("GET", "401", NAVIGATION));
        assertEquals(303, on.statusCode());
        assertEquals("/guarded/x?a=%25", header(on, "Location").replaceFirst("^https?://[^/]*", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"403", "429", "431", "500", "502", "503"})
    @DisplayName("F30 E9 what was no 401 is never redirected to the page that brought it: 503, please again")
    void noLoop(String verdict) {
        String cookie = TestSessions.cookieOf("alice", "user");
        HttpResponse<String> answer = get("auth/enter?role=user", cookie, guarded("GET", verdict, NAVIGATION));
        assertEquals(503, answer.statusCode());
        assertEquals("2", header(answer, "Retry-After"));
    }

    @Test
    @DisplayName("F30 a script that comes without the proxy's verdict has asked wrongly: 400, and not 503 for ever")
    void withoutAVerdict() {
        String cookie = TestSessions.cookieOf("alice", "user");
        assertEquals(400, get("auth/enter", cookie, SCRIPT).statusCode());
        assertEquals(400, post("auth/enter", cookie, SCRIPT).statusCode());
    }

    @Test
    @DisplayName("F30 F32 a write is not turned into a page: 503 for who has signed in meanwhile, 401 for nobody")
    void writesAreNotRedirected() {
        String cookie = TestSessions.cookieOf("alice", "user");
        assertEquals(
                503,
                post("auth/enter?role=user", cookie, guarded("PUT", "401", NAVIGATION))
                        .statusCode());
        assertEquals(
                503,
                post("auth/enter?role=user", cookie, guarded("PUT", "401", SCRIPT))
                        .statusCode());
        for (String method : new String[] {"PUT", "DELETE", "PATCH", "OPTIONS", "MADE-UP"}) {
            HttpResponse<String> nobody = post("auth/enter?role=user", null, guarded(method, "401", SCRIPT));
            assertEquals(401, nobody.statusCode(), method);
            assertEquals("application/problem+json", header(nobody, "Content-Type"), method);
            assertEquals(
                    403,
                    post("auth/enter?role=boss", cookie, guarded(method, "403", SCRIPT))
                            .statusCode(),
                    method);
        }
    }

    @Test
    @DisplayName(
            "F34 a link comes along to the sign-in, of any length that the proxy takes; its query only while there is room")
    void longLinks() {
        String plain = "/guarded/x?" + "a".repeat(8_000);
        assertEquals("/notes/auth/sign-in?return=" + encoded(plain), signInFor(plain));
        assertEquals(
                "/notes/auth/sign-in?return=" + encoded("/guarded/x"), signInFor("/guarded/x?" + "%25".repeat(4_000)));
    }

    private static String signInFor(String link) {
        String[] headers = guarded("GET", "401", NAVIGATION);
        headers[headers.length - 3] = link;
        HttpResponse<String> answer = get("auth/enter?role=user", null, headers);
        assertEquals(302, answer.statusCode());
        return header(answer, "Location").replaceFirst("^https?://[^/]*", "");
    }

    private static String encoded(String text) {
        return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
    }

    private static String[] guarded(String method, String verdict, String... asker) {
        return Stream.concat(
                        Stream.of(asker),
                        Stream.of(
                                "X-Original-Method",
                                method,
                                "X-Original-Uri",
                                "/guarded/x?a=%25",
                                "X-Original-Verdict",
                                verdict))
                .toArray(String[]::new);
    }
}
