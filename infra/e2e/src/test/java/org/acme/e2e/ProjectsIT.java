package org.acme.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.options.AriaRole;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The projects, as two people use them in two browsers at once, over two instances. */
@ExtendWith({OnTheStack.class, InChromium.class})
class ProjectsIT {

    private final String name = "Moon landing " + System.nanoTime();
    private final List<String> bobsStreams = new CopyOnWriteArrayList<>();
    private Stack stack;
    private BrowserContext alice;
    private BrowserContext bob;
    private Page hers;
    private Page his;

    @BeforeEach
    void signIn(Stack stack, Chromium chromium) {
        this.stack = stack;
        alice = chromium.person();
        bob = chromium.person();
        bob.onRequest(request -> {
            if (request.url().endsWith("/projects/live")) {
                bobsStreams.add(request.url());
            }
        });
        hers = alice.newPage();
        hers.navigate(stack.base() + "/projects/");
        Chromium.fillIn(hers, "alice");
        assertThat(hers).hasURL(stack.base() + "/projects/");
        his = bob.newPage();
        his.navigate(stack.base() + "/projects/?show=shared");
        Chromium.fillIn(his, "bob");
        assertThat(his).hasURL(stack.base() + "/projects/?show=shared");
    }

    @AfterEach
    void leave() {
        alice.close();
        bob.close();
    }

    @Test
    @DisplayName("S7 what alice does with a project appears in bob's open tabs, over one stream for all of them")
    void changesAppearByThemselves() {
        his.evaluate("window.neverReloaded = true");
        Page hisSecondTab = bob.newPage();
        hisSecondTab.navigate(stack.base() + "/projects/?show=shared");
        String project = create();
        assertThat(Chromium.byTestId(hers, "done")).containsText("created");
        assertThat(hers).hasURL(project); // what a page says once is not in its address
        photograph(hers, "projects-1-created");

        share("nobody at all");
        assertThat(Chromium.byTestId(hers, "member-name-wrong")).containsText("Nobody of that name");
        assertThat(Chromium.byTestId(hers, "member-name")).hasValue("nobody at all");
        photograph(hers, "projects-2-unknown-person");
        share("bob");
        assertThat(Chromium.byTestId(hers, "member")).containsText("bob");
        photograph(hers, "projects-3-shared");

        assertThat(Chromium.byTestId(his, "project").first()).containsText(name);
        assertThat(Chromium.byTestId(hisSecondTab, "project").first()).containsText(name);
        assertThat(his.evaluate("window.neverReloaded")).isEqualTo(true);
        assertThat(bobsStreams).as("one stream, although two tabs are open").hasSize(1);
        photograph(his, "projects-4-appeared-at-bobs");

        hisSecondTab
                .getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name))
                .click();
        assertThat(hisSecondTab).hasURL(project);
        hisSecondTab.evaluate("window.neverReloaded = true");
        edit(hers, project, name + " II", "Two steps.");
        assertThat(Chromium.byTestId(hisSecondTab, "description")).containsText("Two steps.");
        assertThat(hisSecondTab.locator("main h1")).hasText(name + " II");
        assertThat(Chromium.byTestId(his, "project").first()).containsText(name + " II");

        Chromium.byTestId(hers, "archive").click();
        photograph(hers, "projects-5-archive");
        Chromium.byTestId(hers, "archive-now").click();
        assertThat(Chromium.byTestId(hers, "done")).containsText("archived");
        photograph(hers, "projects-6-archived");
        assertThat(Chromium.byTestId(hisSecondTab, "archived")).isVisible();
        assertThat(hisSecondTab.evaluate("window.neverReloaded")).isEqualTo(true);
        assertThat(Chromium.byTestId(his, "project").filter(new Locator.FilterOptions().setHasText(name)))
                .hasCount(0);

        Chromium.byTestId(hers, "restore").click();
        assertThat(Chromium.byTestId(hisSecondTab, "archived")).hasCount(0);
        Chromium.byTestId(hers, "remove-member").click();
        assertThat(hisSecondTab.locator("main h1")).hasText("No such project");
        photograph(hisSecondTab, "projects-7-no-longer-bobs");
    }

    @Test
    void theStreamPassesToAnotherTabWhenItsReaderCloses() {
        Page second = bob.newPage();
        second.navigate(stack.base() + "/projects/?show=shared");
        his.close();
        create();
        share("bob");
        assertThat(Chromium.byTestId(second, "project").first()).containsText(name);
    }

    @Test
    @DisplayName("E7 two tabs edit one project: the second is warned, sees both texts, and loses nothing")
    void aConflictLosesNothing() {
        String project = create();
        Page second = alice.newPage();
        second.navigate(project + "/edit");
        Chromium.byTestId(second, "project-description").fill("My own words.");
        assertThat(Chromium.byTestId(second, "changed-meanwhile")).isHidden();

        share("bob");
        edit(hers, project, name, "Other words.");
        assertThat(Chromium.byTestId(second, "changed-meanwhile")).isVisible();
        assertThat(Chromium.byTestId(second, "project-description")).hasValue("My own words.");

        Chromium.byTestId(second, "save").click();
        assertThat(Chromium.byTestId(second, "their-description")).containsText("Other words.");
        assertThat(Chromium.byTestId(second, "project-description")).hasValue("My own words.");
        photograph(second, "projects-8-conflict");
        Chromium.byTestId(second, "save").click();
        assertThat(Chromium.byTestId(second, "description")).containsText("My own words.");
        assertThat(Chromium.byTestId(hers, "description")).containsText("My own words.");
    }

    @Test
    @DisplayName("E7 what was typed survives an expired session, in the same tab, for the same person")
    void whatWasTypedSurvivesAnExpiredSession() {
        Chromium.byTestId(hers, "project-name").fill(name);
        Chromium.byTestId(hers, "project-description").fill("Typed before.");
        alice.clearCookies(new BrowserContext.ClearCookiesOptions().setName(Site.COOKIE));
        Chromium.byTestId(hers, "create-project").click();
        assertThat(hers.locator("h1")).hasText("Please sign in again");

        Chromium.byTestId(hers, "message-page").locator("a").click();
        assertThat(Chromium.byTestId(hers, "typed-again")).isVisible();
        assertThat(Chromium.byTestId(hers, "project-name")).hasValue(name);
        assertThat(Chromium.byTestId(hers, "project-description")).hasValue("Typed before.");
        photograph(hers, "projects-9-typed-again");
        Chromium.byTestId(hers, "create-project").click();
        assertThat(Chromium.byTestId(hers, "description")).containsText("Typed before.");
        hers.navigate(stack.base() + "/projects/");
        assertThat(Chromium.byTestId(hers, "project-name")).hasValue("");
    }

    @Test
    void bobReadsWhatIsSharedAndChangesNothing() {
        String project = create();
        assertThat(his.navigate(project).status()).as("not shared").isEqualTo(404);
        assertThat(postedBy(his, project + "/archive")).isEqualTo(404);

        share("bob");
        Response read = his.navigate(project);
        assertThat(read.status()).isEqualTo(200);
        assertThat(Chromium.byTestId(his, "edit")).hasCount(0);
        photograph(his, "projects-10-as-bob-reads-it");
        for (String change : List.of("/edit", "/archive", "/restore", "/members", "/members/remove")) {
            assertThat(postedBy(his, project + change)).as(change).isEqualTo(403);
        }
        assertThat(his.navigate(project + "/edit").status()).isEqualTo(403);
        assertThat(his.navigate(stack.base() + "/projects/?show=all").status()).isEqualTo(403);
    }

    /** @return the address of the project's page */
    private String create() {
        hers.navigate(stack.base() + "/projects/");
        Chromium.byTestId(hers, "project-name").fill(name);
        Chromium.byTestId(hers, "project-description").fill("One small step.");
        Chromium.byTestId(hers, "create-project").click();
        assertThat(hers.locator("main h1")).hasText(name);
        return hers.url().replaceFirst("\\?.*", "");
    }

    private void share(String person) {
        Chromium.byTestId(hers, "member-name").fill(person);
        Chromium.byTestId(hers, "add-member").click();
    }

    private static void edit(Page page, String project, String name, String description) {
        page.navigate(project + "/edit");
        Chromium.byTestId(page, "project-name").fill(name);
        Chromium.byTestId(page, "project-description").fill(description);
        Chromium.byTestId(page, "save").click();
        assertThat(Chromium.byTestId(page, "done")).containsText("saved");
    }

    /** A tab behind another is not painted, so it is brought to the front first. */
    private static void photograph(Page page, String name) {
        page.bringToFront();
        Chromium.photograph(page, name);
    }

    private static int postedBy(Page page, String address) {
        return (Integer) page.evaluate(
                """
                address => fetch(address, {method: 'POST', body: new URLSearchParams({name: 'bob', version: '1'})})
                    .then(answer => answer.status)
                """,
                address);
    }
}
