package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.RawHttp;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What readers get of a guarded site, and what it gets of them. */
@ExtendWith(OnTheStack.class)
@SuppressWarnings("try") // an outage does its work by being open
@Order(Integer.MAX_VALUE - 20)
class GuardedAppIT {

    private static final String SITE = "/guarded/";
    private static final String APP = "/guarded/legacy/";
    private static final List<String> WRITES = List.of("POST", "PUT", "PATCH", "DELETE", "MADE-UP");

    private Stack stack;
    private String base;
    private Visitor alice;

    @BeforeEach
    void visitors(Stack stack) {
        this.stack = stack;
        base = stack.base();
        alice = new Visitor(base);
    }

    @Test
    @DisplayName("F30 E9 the application's own 401, 403, 404, 500 and 503 reach its reader as they are")
    void theApplicationsOwnAnswers() {
        alice.signIn("alice", APP);
        for (int status : List.of(400, 401, 403, 404, 413, 418, 429, 500, 502, 503)) {
            Answer answer = alice.get(APP + "status/" + status, Visitor.NAVIGATION);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.body()).contains("GET " + APP + "status/" + status);
        }
    }

    @Test
    @DisplayName(
            "F30 E9 E10 a folder without an index, a closed file, one that is not there: nginx' words, and no redirect")
    void theSitesOwnAnswers() {
        alice.signIn("alice", SITE);
        assertThat(alice.get(SITE + "chapters/one.html", Visitor.NAVIGATION).status())
                .isEqualTo(200);
        assertThat(alice.get(SITE + "chapters", Visitor.NAVIGATION).location().getPath())
                .isEqualTo(SITE + "chapters/");
        for (String closed : List.of("chapters/", ".hidden", "chapters/.hidden")) {
            Answer answer = alice.get(SITE + closed, Visitor.NAVIGATION);
            assertThat(answer.status()).as("%s", answer).isEqualTo(403);
            assertThat(answer.body()).contains("This is not shown", "href=\"" + base + "/\"");
        }
        Answer gone = alice.get(SITE + "gone.html", Visitor.NAVIGATION);
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.body()).contains("There is no such page");
        Answer written = alice.post(SITE + "index.html", "text/plain", "x");
        assertThat(written.status()).as("a file takes no writes: %s", written).isEqualTo(405);
    }

    @Test
    @DisplayName("F32 E9 any method without a session: a script gets 401 and a problem document, OPTIONS too")
    void anyMethodOfNobody() {
        for (String method :
                List.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "MADE-UP", "PROPFIND")) {
            for (String place : List.of(SITE + "index.html", APP + "x")) {
                String answer = ask(method + " " + place, "Accept: */*\r\nContent-Length: 2\r\n", "{}");
                assertThat(RawHttp.status(answer))
                        .as("%s %s: %s", method, place, answer)
                        .isEqualTo(401);
                assertThat(answer).contains("application/problem+json").doesNotContain("Set-Cookie");
            }
        }
        String form = ask("PUT " + APP, "Accept: text/html\r\nSec-Fetch-Mode: navigate\r\nContent-Length: 1\r\n", "x");
        assertThat(RawHttp.status(form)).as(form).isEqualTo(401);
        assertThat(form).contains("not saved");
    }

    @Test
    @DisplayName("F32 E9 E4 with a session every method passes from this site, and none that writes from another")
    void methodsOfWhoIsSignedIn() {
        alice.signIn("alice", APP);
        for (String method : WRITES) {
            String here =
                    ask(method + " " + APP, cookie() + "Sec-Fetch-Site: same-origin\r\nContent-Length: 1\r\n", "x");
            assertThat(here)
                    .contains("\n" + method + " " + APP + " HTTP/1.1\r\n")
                    .endsWith("\r\n\r\nx");
            for (String from : List.of("Sec-Fetch-Site: cross-site\r\n", "Origin: https://evil.test\r\n", "")) {
                String there = ask(method + " " + APP, cookie() + from + "Content-Length: 1\r\n", "x");
                assertThat(RawHttp.status(there))
                        .as("%s %s: %s", method, from, there)
                        .isEqualTo(403);
                assertThat(there).doesNotContain("connection=");
            }
        }
        assertThat(ask("OPTIONS " + APP, cookie(), "")).contains("\nOPTIONS " + APP);
        String head = ask("HEAD " + APP + "status/204", cookie(), "");
        assertThat(RawHttp.status(head)).isEqualTo(204);
    }

    @Test
    @DisplayName("F34 E9 I13 any link to a guarded page comes back after the sign-in: %25, %0A, 4,000 characters")
    void linksComeBack() {
        for (String link : List.of(
                "100%25",
                "x?text=a%0Ab%0d%0A",
                "x?a={b}|c^d"
                        .replace("{", "%7B")
                        .replace("}", "%7D")
                        .replace("|", "%7C")
                        .replace("^", "%5E"),
                "x?long=" + "abcdefghij".repeat(400),
                "%C3%A4?%C3%A4=%E2%82%AC")) {
            Visitor somebody = new Visitor(base);
            Answer page = somebody.signIn("bob", APP + link);
            assertThat(page.body()).contains("\nGET " + APP + link + " HTTP/1.1\r\n");
        }
    }

    @Test
    @DisplayName(
            "F35 E9 folders of an application are its own, also when they are called like closed ones of a service")
    void foldersAreItsOwn() {
        alice.signIn("alice", APP);
        for (String folder : List.of(
                "q/health",
                "service/people",
                "auth/verify",
                "auth/x/back-channel-logout",
                "auth/keycloak/callback?code=1&state=2",
                "api/me",
                "static/x.css",
                "users/service/session",
                ".verify")) {
            Answer answer = alice.get(APP + folder, Visitor.NAVIGATION);
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            assertThat(answer.body()).contains("\nGET " + APP + folder + " HTTP/1.1\r\n");
        }
    }

    @Test
    @DisplayName(
            "F33 E9 with nobody to ask: 503 with Retry-After and words, for a page, a script and a form; then it works")
    void nobodyToAsk() {
        alice.signIn("alice", APP);
        try (Outage one = stack.without("users-1");
                Outage two = stack.without("users-2")) {
            for (String place : List.of(SITE, APP)) {
                Answer page = alice.get(place, Visitor.NAVIGATION);
                assertThat(page.status()).as("%s", page).isEqualTo(503);
                assertThat(page.header("Retry-After")).isPresent();
                assertThat(page.setCookies()).isEmpty();
                assertThat(page.body()).contains("The service is unavailable");
                Answer script = alice.get(place, Visitor.SCRIPT);
                assertThat(script.status()).isEqualTo(503);
                assertThat(script.header("Retry-After")).isPresent();
                assertThat(script.json().path("status").asInt()).isEqualTo(503);
            }
            assertThat(alice.post(APP, "text/plain", "x").status()).isEqualTo(503);
        }
        assertThat(alice.get(APP, Visitor.NAVIGATION).status()).isEqualTo(200);
    }

    @Test
    @DisplayName(
            "E9 the application unavailable: 503 with words, once it is back its pages again, and nobody is signed off")
    void theApplicationAway() {
        alice.signIn("alice", APP);
        try (Outage app = stack.killed("legacy")) {
            Answer page = alice.get(APP, Visitor.NAVIGATION);
            assertThat(page.status()).as("%s", page).isEqualTo(503);
            assertThat(page.header("Retry-After")).isPresent();
            assertThat(alice.get(SITE, Visitor.NAVIGATION).status()).isEqualTo(200);
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        alice.get(APP, Visitor.NAVIGATION).status())
                .isEqualTo(200));
    }

    private String cookie() {
        return "Cookie: " + Site.COOKIE + "=" + alice.sso() + "\r\n";
    }

    /** @param line method and address */
    private String ask(String line, String headers, String body) {
        return RawHttp.ask(
                base,
                line + " HTTP/1.1\r\nHost: " + base.replaceFirst(".*//", "") + "\r\nConnection: close\r\n" + headers
                        + "\r\n" + body);
    }
}
