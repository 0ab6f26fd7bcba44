package org.acme.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.function.BiConsumer;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.Gallery;
import org.acme.e2e.people.Gallery.Mode;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages about one's sessions, and an administrator's about those of others. */
@ExtendWith({OnTheStack.class, InChromium.class})
class AccountPagesIT {

    @ParameterizedTest
    @MethodSource("org.acme.e2e.people.Gallery#modes")
    @DisplayName("E5 L7 where one is signed in: readable in every mode; one device and all others are ended by a click")
    void whereOneIsSignedIn(Mode mode, Stack stack, Chromium chromium) {
        Visitor phone = new Visitor(stack.base());
        phone.signIn("bob", "/users/profile");
        Visitor tablet = new Visitor(stack.base());
        tablet.signIn("bob", "/users/profile");
        visit(chromium, stack, mode, "bob", "/users/sessions", (page, gallery) -> {
            assertThat(Chromium.byTestId(page, "current")).hasCount(1);
            gallery.look(page, "sessions");
            Chromium.byTestId(page, "session")
                    .filter(new Locator.FilterOptions().setHas(page.locator("button")))
                    .first()
                    .locator("button")
                    .click();
            assertThat(Chromium.byTestId(page, "done")).isVisible();
            gallery.look(page, "sessions-one-ended");
            Chromium.byTestId(page, "end-others").click();
            assertThat(Chromium.byTestId(page, "done")).hasText("All other devices are signed out.");
            assertThat(Chromium.byTestId(page, "session")).hasCount(1);
            gallery.look(page, "sessions-others-ended");
        });
    }

    @ParameterizedTest
    @MethodSource("org.acme.e2e.people.Gallery#modes")
    @DisplayName("E5 L7 an administrator's pages: readable in every mode, from the search to the sign-off")
    void sessionsOfOthers(Mode mode, Stack stack, Chromium chromium) {
        Visitor bob = new Visitor(stack.base());
        bob.signIn("bob", "/users/profile");
        visit(chromium, stack, mode, "alice", "/users/admin/sessions", (page, gallery) -> {
            page.locator("#q").fill("nobody at all");
            page.keyboard().press("Enter");
            assertThat(page.locator("main")).containsText("Nobody of that name");
            gallery.look(page, "users-none");
            page.locator("#q").fill("bob");
            page.keyboard().press("Enter");
            assertThat(Chromium.byTestId(page, "user").first()).isVisible();
            gallery.look(page, "users");
            Chromium.byTestId(page, "user").first().click();
            assertThat(page.locator("main > h1")).hasText("Sessions of bob");
            assertThat(Chromium.byTestId(page, "session").first()).isVisible();
            gallery.look(page, "user-sessions");
            Chromium.byTestId(page, "end-all").click();
            assertThat(Chromium.byTestId(page, "done")).hasText("This user is signed out everywhere.");
            assertThat(Chromium.byTestId(page, "session")).hasCount(0);
            gallery.look(page, "user-sessions-none");
        });
    }

    @ParameterizedTest
    @MethodSource("org.acme.e2e.people.Gallery#modes")
    @DisplayName("E1 E5 what the edge guards, as it looks to who is signed in")
    void guarded(Mode mode, Stack stack, Chromium chromium) {
        visit(chromium, stack, mode, "alice", "/guarded/", (page, gallery) -> {
            assertThat(page.locator("h1")).isVisible();
            gallery.look(page, "guarded-site");
            // The other application answers with plain text.
            page.navigate(stack.base() + "/guarded/legacy/");
            Chromium.photograph(page, "pages/guarded-old-" + mode);
        });
    }

    /** Signs in, and looks at what is behind that. */
    private static void visit(
            Chromium chromium, Stack stack, Mode mode, String user, String path, BiConsumer<Page, Gallery> looks) {
        Gallery gallery = new Gallery(mode);
        try (BrowserContext person = gallery.person(chromium)) {
            Page page = gallery.page(person);
            page.navigate(stack.base() + path);
            Chromium.fillIn(page, user);
            looks.accept(page, gallery);
        }
        gallery.assertNoComplaints();
    }
}
