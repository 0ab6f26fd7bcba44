package org.acme.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.List;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Sign in once, work everywhere, sign out everywhere: as a person does it, in both directions. */
@ExtendWith({OnTheStack.class, InChromium.class})
@Order(1)
class StoryIT {

    @Test
    @DisplayName("S1 E6 alice signs in at users, is known at projects, signs off there, and users asks her again")
    void fromUsersToProjectsAndBack(Stack stack, Chromium chromium) {
        try (BrowserContext alice = chromium.person()) {
            Page page = alice.newPage();

            page.navigate(stack.base() + "/users/");
            Chromium.photograph(page, "1-users-anonymous");
            Chromium.byTestId(page, "sign-in").click();
            Chromium.photograph(page, "2-keycloak");
            Chromium.fillIn(page, "alice");
            assertThat(Chromium.byTestId(page, "signed-in-name")).containsText("alice");
            Chromium.photograph(page, "3-users-signed-in");

            page.navigate(stack.base() + "/projects/");
            assertThat(Chromium.byTestId(page, "signed-in-name")).containsText("alice");
            String project = "Moon landing " + System.nanoTime();
            Chromium.byTestId(page, "project-name").fill(project);
            Chromium.byTestId(page, "create-project").click();
            assertThat(page.locator("main h1")).containsText(project);
            Chromium.photograph(page, "4-projects-known");

            String sso = Chromium.sso(alice).orElseThrow();
            Everywhere.assertKnown(stack, sso);

            signOff(page);
            Chromium.photograph(page, "5-projects-signed-off");

            Everywhere.assertUnknown(stack, sso);
            assertThat(Chromium.sso(alice)).isEmpty();
            page.navigate(stack.base() + "/users/profile");
            assertThat(page.locator("#password")).isVisible();
            Chromium.photograph(page, "6-users-asks-again");
        }
    }

    @Test
    @DisplayName("S1 E6 bob signs in at projects, is known at users, signs off there, and projects asks him again")
    void fromProjectsToUsersAndBack(Stack stack, Chromium chromium) {
        try (BrowserContext bob = chromium.person()) {
            Page page = bob.newPage();

            page.navigate(stack.base() + "/projects/");
            Chromium.fillIn(page, "bob");
            assertThat(page).hasURL(stack.base() + "/projects/");
            assertThat(Chromium.byTestId(page, "signed-in-name")).containsText("bob");

            page.navigate(stack.base() + "/users/profile");
            assertThat(page).hasURL(stack.base() + "/users/profile");
            assertThat(Chromium.byTestId(page, "signed-in-name")).containsText("bob");
            Chromium.photograph(page, "7-users-profile-of-bob");

            String sso = Chromium.sso(bob).orElseThrow();
            Everywhere.assertKnown(stack, sso);

            signOff(page);

            Everywhere.assertUnknown(stack, sso);
            page.navigate(stack.base() + "/projects/");
            assertThat(page.locator("#password")).isVisible();
            Chromium.photograph(page, "8-projects-asks-again");
        }
    }

    @Test
    @DisplayName("I2 ten tabs on ten deep links, one sign-in: each tab ends on its own link")
    void everyTabEndsOnItsOwnLink(Stack stack, Chromium chromium) {
        try (BrowserContext alice = chromium.person()) {
            List<String> links = java.util.stream.IntStream.rangeClosed(1, 10)
                    .mapToObj(i -> stack.base() + (i % 2 == 0 ? "/projects/?tab=" : "/users/profile?tab=") + i)
                    .toList();
            List<Page> tabs = links.stream().map(link -> alice.newPage()).toList();
            for (int i = 0; i < tabs.size(); i++) {
                tabs.get(i).navigate(links.get(i));
                assertThat(tabs.get(i).locator("#password")).isVisible();
            }

            Chromium.fillIn(tabs.get(0), "alice");

            for (int i = 0; i < tabs.size(); i++) {
                // Keycloak's page notices the sign-in of another tab and goes on by itself.
                tabs.get(i).waitForURL(links.get(i));
                assertThat(Chromium.byTestId(tabs.get(i), "signed-in-name")).containsText("alice");
            }
            String sso = Chromium.sso(alice).orElseThrow();
            Everywhere.assertKnown(stack, sso);
            Chromium.photograph(tabs.get(9), "9-the-tenth-tab");
        }
    }

    @Test
    @DisplayName("I3 Back and Reload after a sign-in show a page of ours, signed in")
    void backAfterSignInIsHarmless(Stack stack, Chromium chromium) {
        try (BrowserContext alice = chromium.person()) {
            Page page = alice.newPage();
            page.navigate(stack.base() + "/users/");
            Chromium.byTestId(page, "sign-in").click();
            Chromium.fillIn(page, "alice");
            assertThat(Chromium.byTestId(page, "signed-in-name")).isVisible();

            page.reload();
            assertThat(Chromium.byTestId(page, "signed-in-name")).containsText("alice");
            // By way of Keycloak, which knows her by now, or directly: Back ends where the sign-in began.
            page.goBack();
            Chromium.photograph(page, "10-back");
            assertThat(page).hasURL(stack.base() + "/users/");
            assertThat(Chromium.byTestId(page, "signed-in-name")).containsText("alice");
            page.navigate(stack.base() + "/users/profile");
            assertThat(Chromium.byTestId(page, "signed-in-name")).containsText("alice");
        }
    }

    private static void signOff(Page page) {
        page.waitForResponse(
                response -> response.url().endsWith("/auth/sign-off"),
                () -> Chromium.byTestId(page, "sign-off").click());
        page.waitForLoadState();
    }
}
