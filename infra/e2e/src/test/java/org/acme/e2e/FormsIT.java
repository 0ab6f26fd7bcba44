package org.acme.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.acme.e2e.observers.KeycloakUser;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms as people fill them in and send them: in every script, too much of it, twice, and while others change what they see. */
@ExtendWith({OnTheStack.class, InChromium.class})
class FormsIT {

    private final String name = "Forms " + System.nanoTime();
    private final List<String> posts = new CopyOnWriteArrayList<>();
    private Stack stack;
    private BrowserContext alice;
    private Page page;

    @BeforeEach
    void signIn(Stack stack, Chromium chromium) {
        this.stack = stack;
        alice = chromium.person();
        page = alice.newPage();
        page.navigate(stack.base() + "/projects/");
        Chromium.fillIn(page, "alice");
        assertThat(page).hasURL(stack.base() + "/projects/");
        page.onRequest(request -> {
            if (request.method().equals("POST")) {
                posts.add(request.url());
            }
        });
    }

    @AfterEach
    void leave() {
        if (alice != null) {
            alice.close();
        }
    }

    @Test
    @DisplayName(
            "F27 E7: a page that answers a failed form follows what others change, posts nothing by itself, and leaves alone what is being typed")
    void theAnswerToAFailedFormIsAPageLikeAnyOther() {
        String project = create();
        share("nobody at all");
        assertThat(Chromium.byTestId(page, "member-name-wrong")).isVisible();
        assertThat(page).hasURL(project + "/members");
        Chromium.byTestId(page, "member-name").fill("somebody whose na");
        page.evaluate("window.neverReloaded = true");
        posts.clear();

        Page other = alice.newPage();
        for (String words : List.of("One.", "Two.")) {
            other.navigate(project + "/edit");
            Chromium.byTestId(other, "project-description").fill(words);
            Chromium.byTestId(other, "save").click();
            assertThat(Chromium.byTestId(other, "done")).isVisible();
            page.bringToFront();
            assertThat(Chromium.byTestId(page, "description")).hasText(words);
        }

        assertThat(page.evaluate("window.neverReloaded")).isEqualTo(true);
        assertThat(Chromium.byTestId(page, "member-name")).hasValue("somebody whose na");
        assertThat(posts).isEmpty();
        page.navigate(page.url());
        assertThat(Chromium.byTestId(page, "member-name")).isVisible();
        assertThat(posts).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"d", "Ö", "中", "😀", "ש", "☃️."})
    @DisplayName(
            "F25 E7: what the page takes is saved in any script; one letter more comes back with words and with all that was typed")
    void everyScript(String letters) {
        int count = letters.codePointCount(0, letters.length());
        String longest = letters.repeat(2000 / count) + ".".repeat(2000 % count);
        Chromium.byTestId(page, "project-name").fill(name);
        Chromium.byTestId(page, "project-description").fill(longest + "x");
        Chromium.byTestId(page, "create-project").click();
        assertThat(Chromium.byTestId(page, "project-description-wrong")).containsText("These are 2001.");
        assertThat(Chromium.byTestId(page, "project-name")).hasValue(name);
        assertThat(Chromium.byTestId(page, "project-description")).hasValue(longest + "x");

        Chromium.byTestId(page, "project-description").fill(longest);
        Chromium.byTestId(page, "create-project").click();
        assertThat(Chromium.byTestId(page, "done")).isVisible();
        assertThat(Chromium.byTestId(page, "description")).hasText(longest);
    }

    @Test
    @DisplayName("F25 E7: two thousand emoji survive a session that has ended meanwhile")
    void emojiSurviveAnExpiredSession() {
        String longest = "😀\n".repeat(999) + "😀.";
        Chromium.byTestId(page, "project-name").fill(name);
        Chromium.byTestId(page, "project-description").fill(longest);
        alice.clearCookies();
        Chromium.byTestId(page, "create-project").click();
        assertThat(page.locator("main > h1")).hasText("Please sign in again");
        page.locator("main a[role=button]").click();
        Chromium.fillIn(page, "alice");
        assertThat(Chromium.byTestId(page, "typed-again")).isVisible();
        assertThat(Chromium.byTestId(page, "project-description")).hasValue(longest);
        Chromium.byTestId(page, "create-project").click();
        assertThat(Chromium.byTestId(page, "done")).isVisible();
    }

    @Test
    @DisplayName("E7: a button that is pressed twice sends its form once")
    void twiceIsOnce() {
        Chromium.byTestId(page, "project-name").fill(name);
        Chromium.byTestId(page, "create-project").dblclick();
        assertThat(Chromium.byTestId(page, "done")).isVisible();
        page.navigate(stack.base() + "/projects/");
        assertThat(Chromium.byTestId(page, "project").filter(new Locator.FilterOptions().setHasText(name)))
                .hasCount(1);
    }

    @Test
    @DisplayName("F36 I9: a full name is no user name: whose it is is offered, and shared with when somebody says so")
    void aFullNameIsASuggestion() {
        // Nobody who was here before: an instance need not write down anew who was here within the minute.
        try (KeycloakUser renata = KeycloakUser.in(stack.keycloak())) {
            renata.change("lastName", name);
            new Visitor(stack.base()).signIn(renata.name(), renata.password(), "/projects/");
            create();
            share("RENATA " + name);
            assertThat(Chromium.byTestId(page, "suggestion")).hasText(renata.name());
            Chromium.photograph(page, "forms-suggestion");
            page.reload();
            assertThat(Chromium.byTestId(page, "no-members")).isVisible();
            share("Renata " + name);
            Chromium.byTestId(page, "share-with").click();
            assertThat(Chromium.byTestId(page, "member")).containsText(renata.name());
        }
    }

    @Test
    @DisplayName("F26: a hundred subjects get through nginx in one URL; one more is explained")
    void aHundredSubjects() {
        Visitor bob = new Visitor(stack.base());
        bob.signIn("bob", "/users/profile");
        String hundred = "/users/api/people?subject="
                + "00000000-0000-0000-0000-000000000000&subject=".repeat(99)
                + "00000000-0000-0000-0000-000000000000";
        assertThat(bob.get(hundred, Visitor.SCRIPT).status()).isEqualTo(200);
        Answer tooMany = bob.get(hundred + "&subject=1", Visitor.SCRIPT);
        assertThat(tooMany.status()).isEqualTo(400);
        assertThat(tooMany.header("content-type")).contains("application/problem+json");
    }

    private String create() {
        Chromium.byTestId(page, "project-name").fill(name);
        Chromium.byTestId(page, "create-project").click();
        assertThat(Chromium.byTestId(page, "done")).isVisible();
        return page.url();
    }

    private void share(String person) {
        Chromium.byTestId(page, "member-name").fill(person);
        Chromium.byTestId(page, "add-member").click();
    }
}
