package org.acme.layout;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.xml.XmlPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.acme.session.contract.SessionRecord;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class LayoutTest {

    private static final Pattern STATIC = Pattern.compile("(?:href|src)=\"(/notes/static/[^\"]+)\"");

    /** A clone has its own. */
    @ConfigProperty(name = "layout.product")
    String product;

    /** Put here by {@link RedisServer#inject}. */
    RedisServer redis;

    @Test
    void aPageIsFramedBySayingSo() {
        XmlPath page = person(null).get("/").then().statusCode(200).extract().htmlPath();
        assertEquals("Your notes · " + product, page.getString("html.head.title"));
        assertEquals("Your notes", page.getString("html.body.main.h1"));
        assertEquals(List.of("Users", "Notes"), page.getList("html.body.header.div.nav.ul.li.a"));
        assertEquals("Notes", page.getString("**.find { it.@'aria-current' == 'true' }"));
        assertEquals("/notes/auth/sign-in", page.getString("**.find { it.@id == 'sign-in' }.@href"));
        assertNull(page.getString("**.find { it.@'data-testid' == 'instance' }"), "nobody is told who answered");
    }

    @Test
    void whoIsSignedInIsNamedAndSignsOffByAForm() {
        String cookie = TestSessions.cookieOf("<b>alice</b>", "user");
        person(cookie)
                .get("/")
                .then()
                .statusCode(200)
                .body(containsString(">&lt;b&gt;alice&lt;/b&gt;</a>"))
                .body(containsString("<form method=\"post\" action=\"/notes/auth/sign-off\""))
                .body(containsString("data-session=\"/notes/auth/session\""))
                .body(containsString("data-idle=\"1800\""))
                .body(not(containsString("id=\"sign-in\"")));
    }

    @Test
    void aMomentReadsWithoutAScriptToo() {
        person(null)
                .get("/")
                .then()
                .body(containsString("<time datetime=\"2026-02-03T04:05:06Z\">3 Feb 2026, 04:05 UTC</time>"));
    }

    @Test
    @DisplayName("E3: no page has inline code or style, and every answer says that there is none")
    void everyAnswerHasTheHeaders() {
        String cookie = TestSessions.cookieOf("alice", "user");
        for (String path : List.of(
                "/",
                "/private",
                "/nowhere",
                "/broken",
                "/auth/signed-off",
                "/auth/unknown",
                "/static/layout.css",
                "/static/none.css",
                "/auth/session",
                "/auth/sign-in",
                "/q/health")) {
            Response answer = person(cookie).get(path);
            assertHeaders(answer, path);
            String page = answer.asString();
            assertFalse(page.matches("(?s).*(<style|style=|<script(?! type=\"module\" src=)|\\son\\w+=).*"), path);
        }
        assertHeaders(person(null).post("/write"), "401");
        assertHeaders(given().header("Cookie", cookie).post("/write"), "403");
    }

    @Test
    @DisplayName("E3: the style sheets and scripts have addresses of their content, kept for ever; others are not kept")
    void filesAreKeptByContent() {
        Matcher files = STATIC.matcher(person(null).get("/").asString());
        int found = 0;
        while (files.find()) {
            found++;
            String file = files.group(1);
            given().basePath("")
                    .get(file)
                    .then()
                    .statusCode(200)
                    .header("Set-Cookie", nullValue())
                    .header("Cache-Control", equalTo("public, max-age=31536000, immutable"));
            given().basePath("")
                    .get(file.replaceAll("v=.*", "v=0123456789abcdef"))
                    .then()
                    .statusCode(200)
                    .header("Cache-Control", equalTo("no-cache"));
            given().basePath("").get(file.replaceAll("\\?.*", "")).then().header("Cache-Control", equalTo("no-cache"));
        }
        assertTrue(found >= 6, "files: " + found);
    }

    @Test
    void anUnknownAddressIsAPageForPeopleAndAStatusForPrograms() {
        person(TestSessions.cookieOf("alice"))
                .get("/nowhere")
                .then()
                .statusCode(404)
                .contentType("text/html")
                .body(containsString("There is no such page"))
                .body(containsString(">alice</a>"));
        given().accept("application/json")
                .get("/nowhere")
                .then()
                .statusCode(404)
                .body(equalTo(""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Accept: text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2",
                "Accept: text/html,",
                "Accept: ,text/html",
                "Accept: text/html ;q=0.5",
                "Accept: text/html;charset=",
                "Accept: text/html;q=",
                "Accept: text/html, */*; x= ",
                "Accept: text/html;a=\"b\";c=",
                "Accept: text/html;=",
                "Accept: text/html;q=0,5",
                "Accept: *",
                "Accept-Language: en-US,",
                "Accept-Language: en,,de",
                "Accept-Language: en;Q=0.5",
                "Accept-Language: de;q=x",
                "Accept-Encoding: gzip,,br",
                "Accept-Encoding: identity;q=.5",
            })
    @DisplayName("E8: a preference that is not in order keeps nobody from a page")
    void oddPreferences(String header) {
        String[] field = header.split(": ", 2);
        given().header(field[0], field[1]).get("/").then().statusCode(200).body(containsString("<h1"));
    }

    @Test
    @DisplayName("L11: a failure shows a number, and neither its reason nor a stack trace")
    void aFailureShowsANumber() {
        person(null)
                .get("/broken")
                .then()
                .statusCode(500)
                .contentType("text/html")
                .header("Cache-Control", "no-store")
                .body(containsString("Something went wrong"))
                .body(not(containsString("secret reason")))
                .body(not(containsString("Exception")));
    }

    @Test
    @DisplayName("I12, E7: the shared session's own answers are in the layout")
    void theSessionsAnswersAreFramed() {
        person(null)
                .post("/write")
                .then()
                .statusCode(401)
                .body(containsString("data-status=\"401\""))
                .body(containsString("Please sign in again"))
                .body(containsString(product));
        person(null)
                .get("/auth/signed-off")
                .then()
                .statusCode(200)
                .body(containsString("Signed out"))
                .body(containsString("id=\"sign-in\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/auth/signed-off",
                "/auth/signed-off?receipt=x",
                "/auth/signed-off-here",
                "/auth/keycloak/signed-off-here"
            })
    @DisplayName("S3: the page after a sign-off tells nobody who is signed in that they are not")
    void signedInAtTheSignedOutPage(String path) {
        person(TestSessions.cookieOf("alice-" + UUID.randomUUID(), "user"))
                .get(path)
                .then()
                .statusCode(200)
                .body(containsString("<h1 dir=\"auto\">You are signed in</h1>"))
                .body(not(containsString("You are signed out of")))
                .body(containsString("data-testid=\"sign-off\""));
    }

    @Test
    @DisplayName(
            "O1: with Redis unavailable the page that says so has the layout, and claims nothing about who is signed in")
    void withRedisAwayThePageStillComes() throws Exception {
        SessionRecord alice = TestSessions.sessionOf("alice", "user");
        String cookie = TestSessions.cookieOf(alice);
        redis.kill();
        try {
            person(cookie)
                    .get("/private")
                    .then()
                    .statusCode(503)
                    .header("Retry-After", notNullValue())
                    .header("Content-Security-Policy", startsWith("default-src 'none'"))
                    .body(containsString("We cannot check your session just now"))
                    .body(containsString(product))
                    .body(not(containsString("id=\"sign-in\"")))
                    .body(not(containsString("data-session=")))
                    .body(not(containsString("alice")));
        } finally {
            redis.launch();
        }
        person(cookie).get("/private").then().statusCode(200);
    }

    private static void assertHeaders(Response answer, String what) {
        String policy = answer.header("Content-Security-Policy");
        assertTrue(
                policy != null && policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
                what);
        assertFalse(policy.contains("unsafe"), what);
        assertEquals(1, answer.headers().getList("Content-Security-Policy").size(), what);
        assertEquals("nosniff", answer.header("X-Content-Type-Options"), what);
        assertEquals("same-origin", answer.header("Cross-Origin-Opener-Policy"), what);
        assertEquals("same-origin", answer.header("Referrer-Policy"), what);
    }

    /** A browser on its way to a page. */
    private static RequestSpecification person(String cookie) {
        RequestSpecification request = given().redirects()
                .follow(false)
                .header("Accept", "text/html,*/*;q=0.8")
                .header("Sec-Fetch-Mode", "navigate")
                .header("Sec-Fetch-Dest", "document")
                .header("Sec-Fetch-Site", "same-origin");
        return cookie == null ? request : request.header("Cookie", cookie);
    }
}
