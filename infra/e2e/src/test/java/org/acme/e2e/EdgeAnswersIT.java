package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.Gallery;
import org.acme.e2e.people.Gallery.Mode;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.people.RawHttp;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What nginx says itself: a page with a way on for a person, a problem document for a script. */
@ExtendWith({OnTheStack.class, InChromium.class})
@SuppressWarnings("try") // an outage does its work by being open
@Order(Integer.MAX_VALUE - 20)
class EdgeAnswersIT {

    private static final String PERSON =
            "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nAccept: text/html\r\n";
    private static final String SCRIPT = "Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\nAccept: */*\r\n";
    private static final String LONG = "x".repeat(40_000);

    /** A request line and further headers, and the status that it gets; {@code ~} stands for a path of that origin. */
    private static final Map<String, Integer> REQUESTS = Map.ofEntries(
            Map.entry("GET ~nothing-here HTTP/1.1\r\n", 404),
            Map.entry("GET //two HTTP/1.1\r\n", 400),
            Map.entry("GET ~a%2fx HTTP/1.1\r\n", 400),
            Map.entry("GET ~x HTTP/1.1\r\nContent-Length: x\r\n", 400),
            Map.entry("TRACE ~ HTTP/1.1\r\n", 405),
            Map.entry("POST ~x HTTP/1.1\r\nContent-Length: 1000000\r\n", 413),
            Map.entry("GET ~x HTTP/1.1\r\nCookie: " + LONG + "\r\n", 431),
            Map.entry("GET ~x HTTP/1.1\r\nX-Any: " + LONG + "\r\n", 431),
            Map.entry("POST ~x HTTP/1.1\r\nTransfer-Encoding: gzip\r\n", 501));

    private Stack stack;
    private List<String> origins;

    @BeforeEach
    void site(Stack stack) {
        this.stack = stack;
        origins = List.of(stack.base(), stack.keycloakOrigin());
    }

    @Test
    @DisplayName("F22 E10 E3 each answer of nginx' own: words, a way on, and the headers of a page, on both origins")
    void forPeople() {
        origins.forEach(origin -> REQUESTS.forEach((request, status) -> {
            String answer = ask(origin, request, PERSON);
            assertThat(RawHttp.status(answer)).as("%.80s: %s", request, answer).isEqualTo(status);
            assertThat(answer)
                    .as("%.80s", request)
                    .contains("Content-Type: text/html; charset=utf-8\r\n", "<h1>", "<p>")
                    .containsPattern("<a class=\"button\" href=\"" + origin + "[^\"]*\">To the start page</a>")
                    .doesNotContain("<center>", "nginx/");
            assertHeaders(answer);
        }));
    }

    @Test
    @DisplayName("E10 E3 the same for a script: a problem document, RFC 9457")
    void forScripts() {
        origins.forEach(origin -> REQUESTS.forEach((request, status) -> {
            String answer = ask(origin, request, SCRIPT);
            assertThat(RawHttp.status(answer)).as("%.80s: %s", request, answer).isEqualTo(status);
            assertThat(answer)
                    .as("%.80s", request)
                    .contains("Content-Type: application/problem+json\r\n", "\"status\":" + status + ",");
            assertThat(answer.substring(answer.indexOf("\r\n\r\n")).strip())
                    .matches(
                            "\\{\"type\":\"about:blank\",\"title\":\"[^\"]+\",\"status\":\\d+,\"detail\":\"[^\"]+\"\\}");
            assertHeaders(answer);
        }));
    }

    @Test
    @DisplayName("F21 E10 a request whose first line cannot be read: a page, for nobody knows who asks")
    void unreadable() {
        for (String origin : origins) {
            for (String line : List.of("GET /" + LONG + " HTTP/1.1", "G\u0001T / HTTP/1.1", "GET / HTTP/9.1", "")) {
                String answer = RawHttp.ask(origin, line + "\r\nHost: " + host(origin) + "\r\n\r\n\r\n\r\n");
                assertThat(RawHttp.status(answer)).as("%.60s: %s", line, answer).isIn(400, 414, 505);
                assertThat(answer).contains("<h1>", "To the start page");
                assertHeaders(answer);
            }
        }
    }

    @Test
    @DisplayName("E10 who asks is told by Sec-Fetch-Mode, X-Requested-With, Accept, and the path of an API")
    void whoAsks() {
        Map.of(
                        "Accept: text/html,*/*\r\n", true,
                        "Accept: */*\r\n", false,
                        "", false,
                        "Accept: text/html\r\nX-Requested-With: XMLHttpRequest\r\n", false,
                        "Accept: text/html\r\nSec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n", false,
                        "Accept: text/html\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n", false,
                        "Accept: application/json\r\nSec-Fetch-Mode: navigate\r\n", true)
                .forEach((headers, page) -> assertThat(ask(stack.base(), "GET /nothing HTTP/1.1\r\n", headers)
                                .contains("text/html"))
                        .as(headers)
                        .isEqualTo(page));
        assertThat(ask(stack.base(), "GET /nothing/api/x HTTP/1.1\r\n", PERSON)).contains("application/problem+json");
    }

    @Test
    @DisplayName("E10 E9 what nginx alone asks of a guard is no address of anybody else's: 404, with words")
    void guardsAreNobodysPage() {
        for (String path : List.of("/guarded/.verify", "/guarded/.verify?role=admin", "/guarded/.verif%79")) {
            for (String who : List.of(PERSON, SCRIPT)) {
                String answer = ask(stack.base(), "GET " + path + " HTTP/1.1\r\n", who);
                assertThat(RawHttp.status(answer)).as("%s: %s", path, answer).isEqualTo(404);
                assertThat(answer).contains("There is no such page");
                assertHeaders(answer);
            }
        }
    }

    @Test
    @DisplayName("E10 421 names the address that is right, and nothing that the client sent")
    void otherHosts() {
        for (String origin : origins) {
            for (String host : List.of(
                    "evil.test",
                    "127.0.0.1",
                    "localhost",
                    "localhost:1",
                    "localhost:080",
                    host(origin).replace(":", ".:"),
                    host(origin) + ".evil.test")) {
                String answer = RawHttp.ask(
                        origin,
                        "GET /users/ HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + PERSON + "\r\n");
                assertThat(RawHttp.status(answer)).as(answer).isEqualTo(421);
                assertThat(answer).contains("href=\"" + origin).doesNotContain("evil");
            }
        }
    }

    @Test
    @DisplayName("E10 a host has no case: whoever writes it in capitals gets the page all the same")
    void capitals() {
        for (String origin : origins) {
            for (String host : List.of(
                    host(origin).toUpperCase(Locale.ROOT), "L" + host(origin).substring(1))) {
                String answer = RawHttp.ask(
                        origin,
                        "GET /users/ HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n" + PERSON + "\r\n");
                assertThat(RawHttp.status(answer)).as(answer).isNotEqualTo(421);
                assertThat(answer).doesNotContain(host);
            }
        }
    }

    @Test
    @DisplayName("F22 C1 only a page of this site removes its cookies: no other site, no script without an origin")
    void cookiesAreRemovedFromHereOnly() {
        String post = "POST /.answer/forget-cookies HTTP/1.1\r\nContent-Length: 0\r\n";
        for (String cookies : List.of("Cookie: a=b\r\n", "Cookie: " + LONG + "\r\n")) {
            for (String there : List.of(
                    "",
                    "Sec-Fetch-Site: cross-site\r\n",
                    "Sec-Fetch-Site: same-site\r\n",
                    "Sec-Fetch-Site: none\r\n",
                    "Sec-Fetch-Site: cross-site\r\nOrigin: " + stack.base() + "\r\n",
                    "Origin: https://evil.test\r\n",
                    "Origin: " + stack.base() + ".evil.test\r\n",
                    "Origin: null\r\n")) {
                assertThat(ask(stack.base(), post, there + cookies)).as(there).doesNotContain("Clear-Site-Data");
            }
            for (String here : List.of(
                    "Sec-Fetch-Site: same-origin\r\n",
                    "Origin: " + stack.base() + "\r\n",
                    "Sec-Fetch-Site: none\r\nOrigin: " + stack.base() + "\r\n")) {
                assertThat(ask(stack.base(), post, here + cookies)).as(here).contains("Clear-Site-Data: \"cookies\"");
            }
            assertThat(ask(stack.base(), post.replace("POST", "GET"), "Sec-Fetch-Site: same-origin\r\n" + cookies))
                    .doesNotContain("Clear-Site-Data");
        }
    }

    @Test
    @DisplayName("F22 E10 a browser with too many cookies gets out by a button, and can sign in again")
    void tooManyCookies(Chromium chromium) {
        assumeFalse(Site.TLS, "HTTP/2 has no answer for that");
        try (BrowserContext alice = chromium.person()) {
            Page page = alice.newPage();
            page.navigate(stack.base() + "/users/profile");
            Chromium.fillIn(page, "alice");
            alice.addCookies(tooMany());
            assertThat(page.navigate(stack.base() + "/users/profile").status()).isEqualTo(431);
            Chromium.byTestId(page, "forget-cookies").click();
            page.getByText("To the start page").click();
            page.waitForURL(stack.base() + "/**");
            assertThat(page.navigate(stack.base() + "/users/").status()).isEqualTo(200);
            assertThat(Chromium.sso(alice)).isEmpty();
            page.navigate(stack.base() + "/users/profile");
            assertThat(page.title()).doesNotContain("too many cookies");
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("org.acme.e2e.people.Gallery#modes")
    @DisplayName("E5 E10 the pages of nginx look like the others, in every mode")
    void looks(Mode mode, Chromium chromium) {
        Gallery gallery = new Gallery(mode);
        try (BrowserContext person = gallery.person(chromium)) {
            Page page = gallery.page(person);
            page.navigate(stack.base() + "/nothing-here");
            gallery.look(page, "edge-404");
            page.navigate(stack.keycloakOrigin() + "/admin/");
            gallery.look(page, "edge-404-keycloak");
            if (!Site.TLS) {
                lookAtWhatIsTooLarge(page, person, gallery);
            }
        }
        gallery.assertNoComplaints();
    }

    /** In HTTP/2, nginx 1.22 ends the connection instead, and the browser says so in its own words. */
    private void lookAtWhatIsTooLarge(Page page, BrowserContext person, Gallery gallery) {
        page.navigate(stack.base() + "/users/" + LONG);
        gallery.look(page, "edge-414");
        person.addCookies(tooMany());
        page.navigate(stack.base() + "/users/");
        assertThat((String) page.evaluate("getComputedStyle(document.querySelector('.button')).borderRadius"))
                .as("its style needs no second request, which would have as many cookies")
                .isEqualTo("8px");
        gallery.look(page, "edge-431");
    }

    @Test
    @Tag("long")
    @DisplayName(
            "E5 E10 O4 services and provider unavailable: the page says so, keeps its look, and offers to try again")
    void away(Chromium chromium) {
        try (Outage projects = stack.without("projects-1");
                Outage more = stack.without("projects-2");
                Outage keycloak = stack.without("keycloak")) {
            for (Mode mode : Gallery.modes().toList()) {
                Gallery gallery = new Gallery(mode);
                try (BrowserContext person = gallery.person(chromium)) {
                    Page page = gallery.page(person);
                    assertThat(page.navigate(stack.base() + "/projects/").status())
                            .isEqualTo(503);
                    gallery.look(page, "edge-503");
                    assertThat(page.locator("a.button").getAttribute("href")).isEmpty();
                    page.navigate(stack.keycloakOrigin() + "/realms/sso/account/");
                    assertThat(page.locator("h1").textContent()).isEqualTo("Signing in is not possible just now");
                    gallery.look(page, "edge-503-keycloak");
                }
                gallery.assertNoComplaints();
            }
            Answer script = new Visitor(stack.base()).get("/projects/", Visitor.SCRIPT);
            assertThat(script.status()).isEqualTo(503);
            assertThat(script.header("Retry-After")).hasValue("2");
            assertThat(script.json().path("title").asText()).isEqualTo("The service is unavailable");
        }
    }

    /** More than a header may have in HTTP/1.1, and all headers in HTTP/2, where each cookie is one. */
    private List<Cookie> tooMany() {
        return IntStream.range(0, 45)
                .mapToObj(i -> new Cookie("other" + i, "x".repeat(3000)).setUrl(stack.base()))
                .toList();
    }

    private static void assertHeaders(String answer) {
        assertThat(answer)
                .contains(
                        "Cache-Control: no-store\r\n",
                        "X-Content-Type-Options: nosniff\r\n",
                        "Referrer-Policy: same-origin\r\n",
                        "Cross-Origin-Opener-Policy: same-origin\r\n",
                        "Content-Security-Policy: default-src 'none'; style-src 'nonce-");
        if (Site.TLS) {
            assertThat(answer).contains("Strict-Transport-Security: ");
        }
    }

    private static String host(String origin) {
        return origin.replaceFirst(".*//", "");
    }

    private static String ask(String origin, String request, String asker) {
        String[] lines =
                request.replace("~", origin.endsWith("180") ? "/realms/" : "/").split("\r\n", 2);
        return RawHttp.ask(
                origin,
                lines[0] + "\r\nHost: " + host(origin) + "\r\n" + asker + lines[1] + "Connection: close\r\n\r\n");
    }
}
