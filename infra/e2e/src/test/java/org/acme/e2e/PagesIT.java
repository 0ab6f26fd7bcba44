package org.acme.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.Gallery;
import org.acme.e2e.people.Gallery.Mode;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every page, as it looks in every mode, for every reader. */
@ExtendWith({OnTheStack.class, InChromium.class})
class PagesIT {

    @ParameterizedTest
    @MethodSource("org.acme.e2e.people.Gallery#modes")
    @DisplayName("E5 E3 every page: axe finds nothing, nothing scrolls sideways, the content policy is never offended")
    void everyPageInEveryMode(Mode mode, Stack stack, Chromium chromium) {
        Gallery gallery = new Gallery(mode);
        try (BrowserContext alice = gallery.person(chromium)) {
            Page page = gallery.page(alice);
            for (String path :
                    List.of("/", "/users/nowhere", "/users/auth/signed-off", "/users/auth/keycloak/callback")) {
                page.navigate(stack.base() + path);
                gallery.look(page, "anonymous" + path);
            }
            page.navigate(stack.base() + "/users/auth/sign-in");
            assertThat(page.locator("#password")).isVisible();
            gallery.look(page, "keycloak");
            page.locator("#username").fill("alice");
            page.locator("#password").fill("wrong");
            page.locator("#kc-login").click();
            assertThat(page.locator("#password")).isVisible();
            gallery.look(page, "keycloak-wrong-password");
            Chromium.fillIn(page, "alice");
            assertThat(Chromium.byTestId(page, "signed-in-name")).hasText("alice");
            page.navigate(stack.base() + "/");
            gallery.look(page, "home");
            page.navigate(stack.base() + "/users/profile");
            assertThat(Chromium.byTestId(page, "since"))
                    .containsText(Pattern.compile("^\\d\\d\\.\\d\\d\\.\\d{4}, \\d\\d:\\d\\d$"));
            gallery.look(page, "profile");
            projects(page, gallery, stack);
            warnings(page, gallery, stack);
        }
        try (BrowserContext bob = gallery.person(chromium)) {
            Page page = gallery.page(bob);
            page.navigate(stack.base() + "/projects/?show=all");
            Chromium.fillIn(page, "bob");
            assertThat(page.locator("main > h1")).hasText("Access denied");
            gallery.look(page, "403");
            page.navigate(stack.base() + "/projects/?show=archived");
            gallery.look(page, "projects-none");
            page.navigate(stack.base() + "/projects/00000000-0000-0000-0000-000000000000");
            gallery.look(page, "404-project");
        }
        gallery.assertNoComplaints();
    }

    private static void projects(Page page, Gallery gallery, Stack stack) {
        page.navigate(stack.base() + "/projects/");
        Chromium.byTestId(page, "project-name").fill("   ");
        Chromium.byTestId(page, "create-project").click();
        assertThat(Chromium.byTestId(page, "project-name-wrong")).isVisible();
        gallery.look(page, "projects-wrong");
        Chromium.byTestId(page, "project-name").fill("Moon landing");
        Chromium.byTestId(page, "project-description")
                .fill(
                        "One small step.\n\nThen a second one, which takes a little longer to describe, so that a line has to end somewhere.");
        Chromium.byTestId(page, "create-project").click();
        assertThat(Chromium.byTestId(page, "done")).isVisible();
        gallery.look(page, "project-created");
        String project = page.url();
        Chromium.byTestId(page, "member-name").fill("nobody at all");
        Chromium.byTestId(page, "add-member").click();
        assertThat(Chromium.byTestId(page, "member-name-wrong")).isVisible();
        gallery.look(page, "project-wrong-member");
        page.navigate(project + "/edit");
        gallery.look(page, "project-edit");
        page.navigate(project + "/archive");
        gallery.look(page, "project-archive");
        Chromium.byTestId(page, "archive-now").click();
        assertThat(Chromium.byTestId(page, "archived")).isVisible();
        gallery.look(page, "project-archived");
        page.navigate(stack.base() + "/projects/");
        gallery.look(page, "projects");
    }

    private static void warnings(Page page, Gallery gallery, Stack stack) {
        page.navigate(stack.base() + "/users/profile");
        stack.redis().endsIn(SignedCookie.idOf(Chromium.sso(page.context()).orElseThrow()), Duration.ofSeconds(60));
        Chromium.comesBack(page);
        assertThat(Chromium.byTestId(page, "session-ends")).isVisible();
        gallery.look(page, "session-ends");
        page.navigate(stack.base() + "/projects/");
        Chromium.byTestId(page, "project-name").fill("Too late");
        page.context().clearCookies();
        Chromium.byTestId(page, "create-project").click();
        assertThat(page.locator("main > h1")).hasText("Please sign in again");
        gallery.look(page, "401-form");
    }

    @ParameterizedTest
    @CsvSource({
        "/, 200",
        "/users/, 200",
        "/users/live, 200",
        "/users/nowhere, 404",
        "/users/profile, 302",
        "/users/api/me, 401",
        "/users/auth/session, 302",
        "/users/auth/signed-off, 200",
        "/users/auth/signed-off-here, 200",
        "/users/auth/nobody, 404",
        "/users/auth/keycloak/callback?state=x, 400",
        "/users/static/layout.css, 200",
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
    void byKeyboardAlone(Stack stack, Chromium chromium) {
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
            assertThat(page.locator("main > h1")).hasText("Signed out");
        }
    }

    /** However many projects other tests have left in the list: once through all of the page, and the browser's own places. */
    private static void tabTo(Page page, String testId) {
        int places = page.locator("a[href], button, input, textarea, select, summary")
                        .count()
                + 5;
        for (int i = 0; i < places; i++) {
            page.keyboard().press("Tab");
            if (testId.equals(page.locator(":focus").getAttribute("data-testid"))) {
                return;
            }
        }
        throw new AssertionError(testId + " is not reached by the keyboard");
    }
}
