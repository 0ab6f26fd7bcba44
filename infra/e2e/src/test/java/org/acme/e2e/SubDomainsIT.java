package org.acme.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.stack.Infra;
import org.acme.e2e.stack.Infra.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same services on a host of their own each, with the cookie of the domain above them. */
@ExtendWith(InChromium.class)
@Order(3)
@Tag("long")
@Tag("commands")
class SubDomainsIT {

    private static final Path STACK = Path.of("target", "sub-domains-stack").toAbsolutePath();
    private static final Infra INFRA = Infra.second(STACK);
    private static final String USERS = "https://users.sso.localhost:" + Infra.secondPort();
    private static final String PROJECTS = "https://projects.sso.localhost:" + Infra.secondPort();

    @BeforeAll
    static void start() {
        Outcome up = INFRA.run(
                Duration.ofMinutes(5),
                "up",
                "--detach",
                "--sub-domains",
                "--skip-build",
                "--port",
                Integer.toString(Infra.secondPort()));
        assertThat(up.exit()).as("%s", up).isZero();
    }

    @AfterAll
    static void stop() {
        if (Files.exists(STACK)) {
            INFRA.run(Duration.ofMinutes(2), "down");
        }
    }

    @Test
    @DisplayName(
            "C7 C1 S1 signed in on one host, known on the other under the same id, signed off there, asked again here")
    void oneSessionForAllHosts(Chromium chromium) {
        try (BrowserContext alice = chromium.person()) {
            List<String> issued = new CopyOnWriteArrayList<>();
            Page page = alice.newPage();
            page.navigate(USERS + "/users/profile");
            Chromium.fillIn(page, "alice");
            assertThat(page).hasURL(USERS + "/users/profile");
            Cookie cookie = sso(alice);
            assertThat(cookie.name).isEqualTo("__Secure-sso");
            assertThat(cookie.domain).isEqualTo(".sso.localhost");
            assertThat(cookie.secure).isTrue();
            assertThat(cookie.httpOnly).isTrue();
            alice.onResponse(response -> {
                if (response.headers().getOrDefault("set-cookie", "").contains("__Secure-sso")) {
                    issued.add(response.url());
                }
            });

            // The navigation's link names no host; nginx knows where it belongs.
            page.locator("a[href='/projects/']").first().click();
            assertThat(page).hasURL(PROJECTS + "/projects/");
            assertThat(Chromium.byTestId(page, "signed-in-name")).hasText("alice");
            Chromium.photograph(page, "sub-domains-projects");
            for (int i = 0; i < 3; i++) {
                page.navigate(USERS + "/users/");
                assertThat(Chromium.byTestId(page, "signed-in-name")).hasText("alice");
                page.navigate(PROJECTS + "/projects/");
                assertThat(Chromium.byTestId(page, "signed-in-name")).hasText("alice");
            }
            assertThat(issued).as("answers that set the session cookie").isEmpty();
            assertThat(sso(alice).value).isEqualTo(cookie.value);

            Chromium.byTestId(page, "sign-off").click();
            assertThat(page.locator("main > h1")).hasText("Signed out");
            page.navigate(USERS + "/users/profile");
            assertThat(page.locator("#password")).isVisible();
        }
    }

    @Test
    @DisplayName("E4 C7 a page of one host cannot write on another with the cookie that both have")
    void aSiblingCannotWrite(Chromium chromium) {
        try (BrowserContext bob = chromium.person()) {
            Page page = bob.newPage();
            page.navigate(PROJECTS + "/projects/");
            Chromium.fillIn(page, "bob");
            assertThat(page).hasURL(PROJECTS + "/projects/");
            // What the old application says has no content policy, which would stop the form at once.
            page.navigate(USERS + "/guarded/legacy/");
            page.evaluate(
                    """
                    address => {
                        const form = document.createElement('form');
                        form.method = 'post';
                        form.action = address;
                        document.body.append(form);
                        form.submit();
                    }
                    """,
                    PROJECTS + "/projects/auth/sign-off");
            assertThat(page.locator("body")).containsText("403");
            page.navigate(PROJECTS + "/projects/");
            assertThat(Chromium.byTestId(page, "signed-in-name")).hasText("bob");
        }
    }

    @Test
    @DisplayName(
            "E1 a host that is not ours is not served, and a path at the wrong host of ours leads to the right one")
    void everyPathHasItsHost(Chromium chromium) {
        try (BrowserContext nobody = chromium.person()) {
            Page page = nobody.newPage();
            List<String> moved = new CopyOnWriteArrayList<>();
            page.onResponse(response -> {
                if (response.status() == 308) {
                    moved.add(response.url() + " -> " + response.headers().get("location"));
                }
            });
            page.navigate(USERS + "/projects/?show=shared");
            assertThat(page.locator("#password")).isVisible();
            assertThat(moved)
                    .containsExactly(USERS + "/projects/?show=shared -> " + PROJECTS + "/projects/?show=shared");
            Chromium.fillIn(page, "bob");
            assertThat(page).hasURL(PROJECTS + "/projects/?show=shared");
            assertThat(page.navigate(USERS.replace("users.", "other.") + "/users/")
                            .status())
                    .isEqualTo(421);
        }
    }

    private static Cookie sso(BrowserContext person) {
        return person.cookies().stream()
                .filter(cookie -> cookie.name.endsWith("sso"))
                .findFirst()
                .orElseThrow();
    }
}
