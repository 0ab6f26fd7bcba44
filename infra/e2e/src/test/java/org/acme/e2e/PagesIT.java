package org.acme.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.witness.SignedCookie;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every page, as it looks in every mode, for every reader. */
@ExtendWith(OnTheStack.class)
class PagesIT {

    private static final String WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > window.innerWidth";

    private static Chromium chromium;

    private final List<String> complaints = new CopyOnWriteArrayList<>();

    enum Mode {
        LIGHT_DESKTOP(ColorScheme.LIGHT, 1280, 800),
        DARK_DESKTOP(ColorScheme.DARK, 1280, 800),
        LIGHT_PHONE(ColorScheme.LIGHT, 375, 720),
        DARK_PHONE(ColorScheme.DARK, 375, 720);

        private final ColorScheme scheme;
        private final int width;
        private final int height;

        Mode(ColorScheme scheme, int width, int height) {
            this.scheme = scheme;
            this.width = width;
            this.height = height;
        }

        Browser.NewContextOptions options() {
            return new Browser.NewContextOptions()
                    .setColorScheme(scheme)
                    .setViewportSize(width, height)
                    .setLocale("de-DE")
                    .setTimezoneId("Europe/Berlin");
        }

        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    @BeforeAll
    static void openChromium() {
        chromium = new Chromium();
    }

    @AfterAll
    static void closeChromium() {
        chromium.close();
    }

    @ParameterizedTest
    @EnumSource(Mode.class)
    @DisplayName("E5 E3 every page: axe finds nothing, nothing scrolls sideways, the content policy is never offended")
    void everyPageInEveryMode(Mode mode, Stack stack) {
        try (BrowserContext alice = chromium.person(mode.options())) {
            Page page = listening(alice.newPage());
            for (String path :
                    List.of("/", "/users/nowhere", "/users/auth/signed-off", "/users/auth/keycloak/callback")) {
                page.navigate(stack.base() + path);
                look(page, mode, "anonymous" + path);
            }
            page.navigate(stack.base() + "/users/auth/sign-in");
            assertThat(page.locator("#password")).isVisible();
            look(page, mode, "keycloak");
            page.locator("#username").fill("alice");
            page.locator("#password").fill("wrong");
            page.locator("#kc-login").click();
            assertThat(page.locator("#password")).isVisible();
            look(page, mode, "keycloak-wrong-password");
            Chromium.fillIn(page, "alice");
            assertThat(Chromium.byTestId(page, "signed-in-name")).hasText("alice");
            page.navigate(stack.base() + "/");
            look(page, mode, "home");
            page.navigate(stack.base() + "/users/profile");
            assertThat(Chromium.byTestId(page, "since"))
                    .containsText(Pattern.compile("^\\d\\d\\.\\d\\d\\.\\d{4}, \\d\\d:\\d\\d$"));
            look(page, mode, "profile");
            projects(page, mode, stack);
            warnings(page, mode, stack);
        }
        try (BrowserContext bob = chromium.person(mode.options())) {
            Page page = listening(bob.newPage());
            page.navigate(stack.base() + "/projects/?show=all");
            Chromium.fillIn(page, "bob");
            assertThat(page.locator("main > h1")).hasText("This is not for you");
            look(page, mode, "403");
            page.navigate(stack.base() + "/projects/?show=archived");
            look(page, mode, "projects-none");
            page.navigate(stack.base() + "/projects/00000000-0000-0000-0000-000000000000");
            look(page, mode, "404-project");
        }
        assertThat(complaints).isEmpty();
    }

    private void projects(Page page, Mode mode, Stack stack) {
        page.navigate(stack.base() + "/projects/");
        Chromium.byTestId(page, "project-name").fill("   ");
        Chromium.byTestId(page, "create-project").click();
        assertThat(Chromium.byTestId(page, "project-name-wrong")).isVisible();
        look(page, mode, "projects-wrong");
        Chromium.byTestId(page, "project-name").fill("Moon landing");
        Chromium.byTestId(page, "project-description")
                .fill(
                        "One small step.\n\nThen a second one, which takes a little longer to describe, so that a line has to end somewhere.");
        Chromium.byTestId(page, "create-project").click();
        assertThat(Chromium.byTestId(page, "done")).isVisible();
        look(page, mode, "project-created");
        String project = page.url();
        Chromium.byTestId(page, "member-name").fill("nobody at all");
        Chromium.byTestId(page, "add-member").click();
        assertThat(Chromium.byTestId(page, "member-name-wrong")).isVisible();
        look(page, mode, "project-wrong-member");
        page.navigate(project + "/edit");
        look(page, mode, "project-edit");
        page.navigate(project + "/archive");
        look(page, mode, "project-archive");
        Chromium.byTestId(page, "archive-now").click();
        assertThat(Chromium.byTestId(page, "archived")).isVisible();
        look(page, mode, "project-archived");
        page.navigate(stack.base() + "/projects/");
        look(page, mode, "projects");
    }

    private void warnings(Page page, Mode mode, Stack stack) {
        page.navigate(stack.base() + "/users/profile");
        stack.redis().endsIn(SignedCookie.idOf(Chromium.sso(page.context()).orElseThrow()), Duration.ofSeconds(60));
        Chromium.comesBack(page);
        assertThat(Chromium.byTestId(page, "session-ends")).isVisible();
        look(page, mode, "session-ends");
        page.navigate(stack.base() + "/projects/");
        Chromium.byTestId(page, "project-name").fill("Too late");
        page.context().clearCookies();
        Chromium.byTestId(page, "create-project").click();
        assertThat(page.locator("main > h1")).hasText("Please sign in again");
        look(page, mode, "401-form");
    }

    @ParameterizedTest
    @CsvSource({
        "/, 200",
        "/users/, 200",
        "/users/nowhere, 404",
        "/users/profile, 302",
        "/users/api/me, 401",
        "/users/auth/session, 302",
        "/users/auth/signed-off, 200",
        "/users/auth/signed-off-here, 200",
        "/users/auth/nobody, 404",
        "/users/auth/keycloak/callback?state=x, 400",
        "/users/static/frame.css, 200",
        "/users/static/none.css, 404",
        "/projects/, 302",
        "/projects/nowhere/edit, 302",
        "/projects/api/projects, 401",
        "/projects/static/live.js, 200"
    })
    @DisplayName("E3 every answer says that no inline code runs, and the other headers; redirects and errors too")
    void everyAnswerHasTheHeaders(String path, int status, Stack stack) {
        Answer answer = new Visitor(stack.base()).get(path, Visitor.NAVIGATION);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.response().headers().allValues("content-security-policy"))
                .singleElement()
                .asString()
                .contains("default-src 'none'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.header("x-content-type-options")).contains("nosniff");
        assertThat(answer.header("cross-origin-opener-policy")).contains("same-origin");
        assertThat(answer.header("referrer-policy")).contains("same-origin");
    }

    @Test
    @DisplayName("E5 sign in, create a project and sign off, by keyboard alone")
    void byKeyboardAlone(Stack stack) {
        try (BrowserContext alice = chromium.person()) {
            Page page = alice.newPage();
            page.navigate(stack.base() + "/projects/");
            page.keyboard().type("alice");
            page.keyboard().press("Tab");
            page.keyboard().type("alice");
            page.keyboard().press("Enter");
            assertThat(page).hasURL(stack.base() + "/projects/");
            page.keyboard().press("Tab");
            assertThat(page.locator(":focus")).hasText("Skip to the content");
            page.keyboard().press("Enter");
            tabTo(page, "project-name");
            page.keyboard().type("By keyboard");
            page.keyboard().press("Enter");
            assertThat(page.locator("main > h1")).hasText("By keyboard");
            tabTo(page, "sign-off");
            page.keyboard().press("Enter");
            assertThat(page.locator("main > h1")).hasText("Signed off");
        }
    }

    private static void tabTo(Page page, String testId) {
        for (int i = 0; i < 25; i++) {
            page.keyboard().press("Tab");
            if (testId.equals(page.locator(":focus").getAttribute("data-testid"))) {
                return;
            }
        }
        throw new AssertionError(testId + " is not reached by the keyboard");
    }

    /** Photographs the page and asks whether everybody can read it. */
    private static void look(Page page, Mode mode, String name) {
        page.waitForLoadState();
        String label = name.replaceAll("[^a-z0-9]+", "-").replaceAll("-$", "") + "-" + mode.label();
        Chromium.photograph(page, "pages/" + label);
        assertThat((Boolean) page.evaluate(WIDER_THAN_THE_WINDOW))
                .as(label + " scrolls sideways")
                .isFalse();
        assertThat(new AxeBuilder(page).analyze().getViolations())
                .as(label)
                .extracting(rule -> rule.getId() + ": " + rule.getNodes().get(0).getHtml())
                .isEmpty();
    }

    private Page listening(Page page) {
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") && !message.text().contains("the server responded with a status of 4")) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        page.onPageError(error -> complaints.add(page.url() + ": " + error));
        return page;
    }
}
