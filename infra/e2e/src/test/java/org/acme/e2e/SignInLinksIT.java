package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.people.RawHttp;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Links as people have them: they survive a sign-in, in many tabs at once. */
@ExtendWith({OnTheStack.class, InChromium.class})
@SuppressWarnings("try") // outages are closed, not asked
class SignInLinksIT {

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    private Stack stack;

    @BeforeEach
    void onThe(Stack stack) {
        this.stack = stack;
    }

    /** Characters drawn by lot, which no compression makes shorter. */
    private static String query(int length, int seed) {
        return new Random(seed)
                .ints(length, 0, LETTERS.length())
                .mapToObj(at -> String.valueOf(LETTERS.charAt(at)))
                .collect(Collectors.joining());
    }

    @Test
    @DisplayName(
            "I2 I13 F21 F22 forty tabs on links of 8 KB, in two browsers: one sign-in, and each ends on its own link")
    void fortyTabs(Chromium chromium) {
        List<BrowserContext> people = List.of(chromium.person(), chromium.person());
        for (int who = 0; who < people.size(); who++) {
            String user = who == 0 ? "alice" : "bob";
            try (BrowserContext person = people.get(who)) {
                Page page = person.newPage();
                List<String> links = new ArrayList<>();
                List<String> loginPages = new ArrayList<>();
                for (int tab = 0; tab < 40; tab++) {
                    links.add(stack.base()
                            + (tab % 2 == 0 ? "/users/profile?q=" : "/projects/?q=")
                            + query(8192, 100 * who + tab));
                    page.navigate(links.get(tab));
                    assertThat(page.locator("#password").isVisible())
                            .as("tab %s", tab)
                            .isTrue();
                    loginPages.add(page.url());
                }
                int cookies = person.cookies(stack.base() + "/users/profile").stream()
                        .mapToInt(cookie -> cookie.name.length() + cookie.value.length() + 3)
                        .sum();
                assertThat(cookies).as("bytes of the Cookie header").isLessThan(4096);
                Chromium.fillIn(page, user);
                page.waitForURL(links.get(39));
                for (int tab = 0; tab < 39; tab++) {
                    page.navigate(loginPages.get(tab));
                    assertThat(page.url()).as("tab %s", tab).isEqualTo(links.get(tab));
                }
            }
        }
    }

    @Test
    @DisplayName(
            "I2 F22 ten tabs that a browser opens at the same moment, as after a restart, each end on their own link")
    void tenTabsAtTheSameMoment(Chromium chromium) {
        try (BrowserContext alice = chromium.person()) {
            List<String> links = IntStream.range(0, 10)
                    .mapToObj(tab -> stack.base() + "/projects/?q=" + query(1200, tab))
                    .toList();
            List<Page> tabs = links.stream().map(link -> alice.newPage()).toList();
            // A navigation that is begun by a script does not wait for its end.
            for (int tab = 0; tab < 10; tab++) {
                tabs.get(tab).evaluate("link => { setTimeout(() => location.href = link, 50) }", links.get(tab));
            }
            tabs.forEach(tab -> tab.waitForSelector("#password"));
            // In a further tab: of those opened at once, Keycloak knows the last one only, and has the others begin
            // anew.
            Page further = alice.newPage();
            further.navigate(stack.base() + "/users/profile");
            Chromium.fillIn(further, "alice");
            further.waitForURL(stack.base() + "/users/profile");
            for (int tab = 0; tab < 10; tab++) {
                Page page = tabs.get(tab);
                // Keycloak's page notices by itself that its user has signed in, and goes on, sooner or later.
                if (page.url().contains("/protocol/openid-connect/auth")) {
                    reload(page);
                }
                page.waitForURL(links.get(tab), new Page.WaitForURLOptions().setTimeout(60_000));
            }
        }
    }

    /** Playwright calls it an error when the page leaves by itself at that very moment, which is what is wanted. */
    private static void reload(Page page) {
        try {
            page.navigate(page.url());
        } catch (PlaywrightException alreadyLeaving) {
            assertThat(alreadyLeaving).hasMessageMatching("(?s).*(interrupted by another navigation|ERR_ABORTED).*");
        }
    }

    @Test
    @DisplayName("I13 F24 a link with characters that browsers send as they are is a page, and a sign-in returns to it")
    void rawCharacters(Chromium chromium) {
        for (String path : List.of("/users/profile", "/projects/")) {
            try (BrowserContext alice = chromium.person()) {
                Page page = alice.newPage();
                String link = stack.base() + path + "?q={a}|b^c\\d[1]&p=100%&r=`%zz";
                page.navigate(link);
                Chromium.fillIn(page, "alice");
                page.waitForURL(url -> url.startsWith(stack.base() + path));
                String landed = page.url();
                assertThat(page.locator("h1").isVisible()).isTrue();
                assertThat(page.navigate(link).status()).isEqualTo(200);
                assertThat(landed).as("as it is without a sign-in").isEqualTo(page.url());
            }
        }
        String raw = RawHttp.ask(
                stack.base(),
                "GET /users/profile?q={a}|b^c\\d&p=100% HTTP/1.1\r\nHost: "
                        + URI.create(stack.base()).getAuthority()
                        + "\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
        assertThat(RawHttp.status(raw)).as(raw).isEqualTo(302);
    }

    @Test
    @DisplayName(
            "F45 I1 a callback's code is sent to one instance only, however silent it is, and the page has a way on")
    void aSilentInstance() throws IOException {
        Visitor alice = new Visitor(stack.base());
        URI callback = alice.signInUpToCallback("alice", "/users/profile");
        Answer answer;
        try (Outage one = stack.paused("users-1");
                Outage two = stack.paused("users-2")) {
            answer = alice.get(callback.toString(), Visitor.NAVIGATION);
        }
        assertThat(answer.status()).as("%s", answer).isEqualTo(503);
        assertThat(answer.body()).contains("href=\"" + stack.base() + "/\"");
        Path log = stack.logs().resolve("nginx-access.log");
        List<String> lines = Files.readAllLines(log).stream()
                .filter(line -> line.contains("/users/auth/keycloak/callback") && line.contains("\"status\":503"))
                .toList();
        assertThat(lines).isNotEmpty();
        assertThat(lines.get(lines.size() - 1)).doesNotContain(", ");
    }

    @Test
    @DisplayName("F45 E6 a callback that found no instance at its address goes to the next one")
    void aDeadInstance() {
        try (Outage one = stack.without("users-1")) {
            for (int i = 0; i < 4; i++) {
                Visitor alice = new Visitor(stack.base());
                assertThat(alice.signIn("alice", "/users/profile").uri().getPath())
                        .isEqualTo("/users/profile");
            }
        }
    }

    @Test
    @DisplayName("F28 law 11: after a sign-off that Keycloak did not hear of, signing in works at once")
    void afterASignOffThatKeycloakMissed() {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        String old = alice.sso();
        try (Outage keycloak = stack.without("keycloak")) {
            assertThat(alice.signOff("users").location().toString()).contains("signed-off-here");
        }
        await("Keycloak")
                .atMost(Duration.ofSeconds(60))
                .until(() -> alice.open("/users/profile").status() < 500);
        Answer page = alice.open("/users/profile");
        if (page.asksForPassword()) {
            page = alice.signIn("alice", "/users/profile");
        }
        assertThat(page.uri().getPath()).isEqualTo("/users/profile");
        assertThat(alice.sso()).isNotEqualTo(old);
        assertThat(alice.get("/users/api/me", Visitor.SCRIPT).status()).isEqualTo(200);
        assertThat(alice.open("/projects/").status())
                .as("its bearer token counts, too")
                .isEqualTo(200);
    }

    @Test
    @DisplayName("I13 F21 a link of 16 KB, as long as nginx takes one, survives a sign-in")
    void aLinkOfSixteenKilobytes() {
        String link = "/users/profile?q=" + "filter%5Bname%5D%3D".repeat(840);
        Answer page = new Visitor(stack.base()).signIn("alice", link);
        assertThat(page.uri().toString()).isEqualTo(stack.base() + link);
    }
}
