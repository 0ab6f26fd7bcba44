package org.acme.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Open pages know what becomes of their session. */
@ExtendWith({OnTheStack.class, InChromium.class})
class SessionInTabsIT {

    private final List<String> questions = new CopyOnWriteArrayList<>();
    private Stack stack;
    private BrowserContext alice;
    private Page profile;
    private Page projects;

    @BeforeEach
    void openTwoServices(Stack stack, Chromium chromium) {
        this.stack = stack;
        alice = chromium.person();
        profile = alice.newPage();
        profile.navigate(stack.base() + "/users/profile");
        Chromium.fillIn(profile, "alice");
        assertThat(profile).hasURL(stack.base() + "/users/profile");
        projects = alice.newPage();
        projects.navigate(stack.base() + "/projects/");
        assertThat(Chromium.byTestId(projects, "signed-in-name")).hasText("alice");
        alice.onRequest(request -> {
            if (request.url().endsWith("/auth/session")) {
                questions.add(request.method() + " " + request.url());
            }
        });
    }

    @AfterEach
    void leave() {
        alice.close();
    }

    @Test
    @DisplayName("S7 I2 a tab whose session another tab's sign-in is just replacing waits for the new one")
    void aSignInInAnotherTabIsNoSignOff() {
        String old = Chromium.sso(alice).orElseThrow();
        Page third = alice.newPage();
        await("her sign-in to be too old").atMost(Duration.ofSeconds(10)).until(() -> {
            third.navigate(stack.base() + "/users/auth/step-up?max_age=2&return=%2Fusers%2Fprofile");
            return third.locator("#password").isVisible();
        });
        third.locator("#password").fill("alice");
        third.locator("#kc-login").click();
        assertThat(Chromium.byTestId(third, "signed-in-name")).hasText("alice");
        Answer state = new Visitor(stack.base())
                .get("/users/auth/session", "Cookie", Site.COOKIE + "=" + old, "Sec-Fetch-Mode", "cors");
        assertThat(state.json().path("signedIn").asBoolean(true)).isFalse();
        assertThat(state.json().path("replaced").asBoolean()).isTrue();

        // The moment between the end of the old session and the new cookie: what was answered to the old one, twice.
        AtomicInteger asked = new AtomicInteger();
        alice.route("**/auth/session", route -> {
            if (asked.incrementAndGet() <= 2) {
                route.fulfill(new Route.FulfillOptions()
                        .setContentType("application/json")
                        .setBody(state.body()));
            } else {
                route.resume();
            }
        });
        profile.evaluate("document.dispatchEvent(new Event('session-event'))");
        await("the third answer").atMost(Duration.ofSeconds(10)).until(() -> {
            profile.waitForTimeout(50);
            return asked.get() >= 3;
        });
        for (Page tab : List.of(profile, projects, third)) {
            assertThat(Chromium.byTestId(tab, "signed-in-name")).hasText("alice");
            assertThat(Chromium.byTestId(tab, "session-over")).isHidden();
        }
    }

    @Test
    @DisplayName(
            "S7 L2 with an idle timeout of thirty days, longer than a browser's timers, a page asks no more than with another")
    void aLongIdleTimeout() {
        int days = 30 * 24 * 3600;
        alice.route("**/users/profile", route -> {
            APIResponse page = route.fetch();
            route.fulfill(new Route.FulfillOptions()
                    .setResponse(page)
                    .setBody(page.text().replaceAll("data-idle=\"[0-9]+\"", "data-idle=\"" + days + "\"")));
        });
        alice.route("**/auth/session", route -> {
            APIResponse state = route.fetch();
            route.fulfill(new Route.FulfillOptions()
                    .setResponse(state)
                    .setBody(state.text().replaceAll("\"secondsLeft\":[0-9]+", "\"secondsLeft\":" + days)));
        });
        Page page = alice.newPage();
        page.navigate(stack.base() + "/users/profile");
        assertThat(page.locator("body")).hasAttribute("data-idle", Integer.toString(days));
        page.waitForTimeout(1000);
        questions.clear();
        page.waitForTimeout(3000);
        assertThat(questions).hasSizeLessThan(3);
    }

    @Test
    @DisplayName("S7 a tab of another service notices a sign-off without being reloaded, and shows nothing private")
    void otherTabsNoticeASignOff() {
        projects.evaluate("window.neverReloaded = true");
        Page third = alice.newPage();
        third.navigate(stack.base() + "/users/profile");
        questions.clear();
        Chromium.byTestId(profile, "sign-off").click();
        assertThat(profile.locator("main > h1")).hasText("Signed out");

        for (Page tab : List.of(projects, third)) {
            assertThat(Chromium.byTestId(tab, "session-over")).isVisible();
            assertThat(tab.locator("body")).not().containsText("alice");
        }
        assertThat(projects.evaluate("window.neverReloaded")).isEqualTo(true);
        assertThat(questions).as("two tabs, one question").hasSize(1);
        Chromium.photograph(projects, "pages/session-over");

        Chromium.byTestId(projects, "sign-in-again").click();
        assertThat(projects.locator("#password")).isVisible();
        Chromium.fillIn(projects, "alice");
        assertThat(projects).hasURL(stack.base() + "/projects/");
    }

    @Test
    @DisplayName("S7 a tab that becomes visible asks, so that it notices what no tab of this browser told")
    void aTabThatBecomesVisibleAsks() {
        endSessionElsewhere();
        Chromium.comesBack(projects);
        assertThat(Chromium.byTestId(projects, "session-over")).isVisible();
        assertThat(Chromium.byTestId(profile, "session-over")).isVisible();
    }

    @Test
    @DisplayName(
            "S4 S7 a page with an open stream hears by it that its session ended elsewhere, and tells the other tabs")
    void aTabWithAStreamHearsOfIt() {
        endSessionElsewhere();
        assertThat(Chromium.byTestId(projects, "session-over")).isVisible();
        assertThat(Chromium.byTestId(profile, "session-over")).isVisible();
        assertThat(questions).as("of both tabs one asked").hasSize(1);
    }

    @Test
    @DisplayName(
            "L2 S7 before the session ends every tab says so; asking does not extend it, staying does, in all tabs")
    void aSessionThatEndsSoonCanBeKept() {
        String id = SignedCookie.idOf(Chromium.sso(alice).orElseThrow());
        stack.redis().endsIn(id, Duration.ofSeconds(60));
        Chromium.comesBack(projects);
        assertThat(Chromium.byTestId(projects, "session-ends")).isVisible();
        assertThat(Chromium.byTestId(profile, "session-ends")).isVisible();
        assertThat(stack.redis().timeLeft(id)).isLessThanOrEqualTo(Duration.ofSeconds(60));

        Chromium.byTestId(projects, "stay").click();
        assertThat(Chromium.byTestId(projects, "session-ends")).isHidden();
        assertThat(Chromium.byTestId(profile, "session-ends")).isHidden();
        assertThat(stack.redis().timeLeft(id)).isGreaterThan(Duration.ofMinutes(20));
    }

    @Test
    @DisplayName("L2 a session that nobody keeps ends, and its pages say so by themselves")
    void aSessionThatNobodyKeepsEnds() {
        String id = SignedCookie.idOf(Chromium.sso(alice).orElseThrow());
        stack.redis().endsIn(id, Duration.ofSeconds(3));
        Chromium.comesBack(projects);
        assertThat(Chromium.byTestId(projects, "session-ends")).isVisible();
        assertThat(Chromium.byTestId(projects, "session-over")).isVisible();
        assertThat(Chromium.byTestId(profile, "session-over")).isVisible();
    }

    @Test
    @DisplayName("E7 what was being typed when the session ended elsewhere is there again, for the same person")
    void whatWasBeingTypedSurvives() {
        Chromium.byTestId(projects, "project-name").fill("Typed before");
        Chromium.byTestId(profile, "sign-off").click();
        assertThat(Chromium.byTestId(projects, "session-over")).isVisible();
        Chromium.byTestId(projects, "sign-in-again").click();
        Chromium.fillIn(projects, "alice");
        assertThat(Chromium.byTestId(projects, "typed-again")).isVisible();
        assertThat(Chromium.byTestId(projects, "project-name")).hasValue("Typed before");
    }

    @Test
    @DisplayName("E7 what one person typed is never shown to another")
    void whatWasTypedIsNotForOthers() {
        Chromium.byTestId(projects, "project-name").fill("For alice only");
        Chromium.byTestId(profile, "sign-off").click();
        assertThat(Chromium.byTestId(projects, "session-over")).isVisible();
        Chromium.byTestId(projects, "sign-in-again").click();
        Chromium.fillIn(projects, "bob");
        assertThat(Chromium.byTestId(projects, "signed-in-name")).hasText("bob");
        assertThat(Chromium.byTestId(projects, "project-name")).hasValue("");
        assertThat(projects.evaluate("JSON.stringify(sessionStorage)").toString())
                .doesNotContain("For alice only");
    }

    @Test
    @DisplayName("C6 Back after a sign-off shows nothing private")
    void backAfterASignOff() {
        profile.navigate(stack.base() + "/users/");
        Chromium.byTestId(profile, "sign-off").click();
        assertThat(profile.locator("main > h1")).hasText("Signed out");
        for (int page = 0; page < 2; page++) {
            profile.goBack();
            assertThat(Chromium.byTestId(profile, "signed-in-name")).hasCount(0);
            // The start page of the demonstration names its accounts, whoever reads it.
            assertThat(profile.locator("body")).not().containsText("Hello, alice");
            assertThat(profile.locator("body")).not().containsText("alice@");
        }
    }

    /** As an administrator, or the idle limit, would: no tab of this browser has a part in it. */
    private void endSessionElsewhere() {
        stack.redis().endsIn(SignedCookie.idOf(Chromium.sso(alice).orElseThrow()), Duration.ofMillis(1));
    }
}
