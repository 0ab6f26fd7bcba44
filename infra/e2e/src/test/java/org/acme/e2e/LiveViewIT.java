package org.acme.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ReducedMotion;
import java.util.regex.Pattern;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.Gallery;
import org.acme.e2e.people.Gallery.Mode;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The fleet, as people watch it; in the demonstration everybody may. */
@ExtendWith({OnTheStack.class, InChromium.class})
@SuppressWarnings("try") // an outage does its work by being open
class LiveViewIT {

    private static final String LIVE = "/users/live";
    private static final Pattern ANSWERED =
            Pattern.compile("ended in Redis \\+\\d+ .*forgot \\+\\d+.* answered \\+\\d+ ms");

    @ParameterizedTest
    @MethodSource("org.acme.e2e.people.Gallery#modes")
    @DisplayName(
            "E5 a stranger watches somebody sign in and sign out elsewhere: who knew, who confirmed, and how long it took")
    void aSignOffIsWatched(Mode mode, Stack stack, Chromium chromium) {
        assumeFalse(Stack.IN_CONTAINERS, "containers have names of their own");
        Gallery gallery = new Gallery(mode);
        try (BrowserContext watcher = gallery.person(chromium);
                BrowserContext alice = chromium.person()) {
            Page view = gallery.page(watcher);
            view.navigate(stack.base() + LIVE);
            stack.instances().forEach(instance -> assertThat(instance(view, instance.name()))
                    .containsText(Pattern.compile("holds a lease, caches \\d+ sessions?, hears (Kafka|Redis)")));
            assertThat(Chromium.byTestId(view, "live-state")).hasText("Live.");
            gallery.look(view, "live-idle");

            Page page = alice.newPage();
            page.navigate(stack.base() + "/projects/");
            Chromium.fillIn(page, "alice");
            assertThat(Chromium.byTestId(page, "signed-in-name")).hasText("alice");
            Locator signedIn = moments(view, "signed-in").first();
            assertThat(signedIn).containsText("signed in by projects-");
            String session = signedIn.getAttribute("data-session");
            page.navigate(stack.base() + "/users/profile");
            assertThat(moments(view, "known").and(ofSession(view, session)).first())
                    .containsText("known at ");

            Chromium.byTestId(page, "sign-off").click();
            assertThat(page.locator("main > h1")).containsText("Signed out");

            Locator ended = moments(view, "ended").and(ofSession(view, session));
            assertThat(ended).containsText("signed out, by users-");
            assertThat(ended).containsText(ANSWERED);
            assertThat(Chromium.byTestId(view, "live-said"))
                    .containsText(Pattern.compile(
                            "Session " + session + " signed out, by users-\\d\\. \\d other instances confirmed"));
            assertThat(view.content()).doesNotContain("alice");
            gallery.look(view, "live-signed-off");
        }
        gallery.assertNoComplaints();
    }

    @Test
    @DisplayName(
            "E5 whoever watches in the window that they sign out in goes on watching, and is not shown as signed in")
    void inTheSameBrowser(Stack stack, Chromium chromium) {
        assumeFalse(Stack.IN_CONTAINERS, "containers have names of their own");
        try (BrowserContext alice =
                chromium.person(new Browser.NewContextOptions().setReducedMotion(ReducedMotion.REDUCE))) {
            Page view = alice.newPage();
            view.navigate(stack.base() + "/projects/");
            Chromium.fillIn(view, "alice");
            assertThat(Chromium.byTestId(view, "signed-in-name")).hasText("alice");
            view.navigate(stack.base() + LIVE);
            String yours = view.locator("#live").getAttribute("data-yours");
            assertThat(yours).matches("[0-9a-f]{4}");
            assertThat(instance(view, "users-1")).isVisible();

            Page second = alice.newPage();
            second.navigate(stack.base() + "/projects/");
            Chromium.byTestId(second, "sign-off").click();
            assertThat(second.locator("main > h1")).containsText("Signed out");

            assertThat(moments(view, "ended").and(ofSession(view, yours))).containsText("your session " + yours);
            Chromium.comesBack(view);
            assertThat(Chromium.byTestId(view, "signed-in-name")).hasCount(0);
            assertThat(view.locator("main > h1")).hasText("Live view");
        }
    }

    @Test
    @DisplayName("S1 with an instance that hangs, the view shows that the sign-off waited for its lease")
    void anInstanceHangs(Stack stack, Chromium chromium) {
        assumeFalse(Stack.IN_CONTAINERS, "containers have names of their own");
        try (BrowserContext watcher = chromium.person()) {
            Page view = watcher.newPage();
            view.navigate(stack.base() + LIVE);
            assertThat(instance(view, "projects-2")).containsText("holds a lease");
            Visitor bob = new Visitor(stack.base());
            bob.signIn("bob", "/users/profile");
            assertThat(moments(view, "signed-in")).not().hasCount(0);

            try (Outage hangs = stack.paused("projects-2")) {
                bob.signOff("users");
                assertThat(moments(view, "ended").first())
                        .containsText(Pattern.compile("waited for a lease \\+\\d+ .*answered"));
                assertThat(instance(view, "projects-2")).containsText("silent");
                Chromium.photograph(view, "pages/live-hangs");
            }
            assertThat(instance(view, "projects-2")).containsText("holds a lease");
        }
    }

    @Test
    @DisplayName("L11 elsewhere than in the demonstration it is for administrators alone, or for nobody")
    void forAdministrators(Stack stack) {
        Instance instance = stack.instances("users").get(0);
        Visitor bob = new Visitor(stack.base());
        bob.signIn("bob", "/users/profile");
        try (Outage restarted = stack.withSettings(instance.name(), "USERS_LIVE_ACCESS=administrators")) {
            assertThat(new Visitor(stack.base())
                            .get(instance.url(LIVE), Visitor.SCRIPT)
                            .status())
                    .isEqualTo(401);
            assertThat(bob.get(instance.url(LIVE), Visitor.NAVIGATION).status()).isEqualTo(403);
        }
    }

    private static Locator instance(Page view, String name) {
        return view.locator("[data-testid=live-instance][data-name='" + name + "']");
    }

    private static Locator moments(Page view, String kind) {
        return view.locator("[data-testid=live-moment][data-kind='" + kind + "']");
    }

    private static Locator ofSession(Page view, String session) {
        return view.locator("[data-session='" + session + "']");
    }
}
