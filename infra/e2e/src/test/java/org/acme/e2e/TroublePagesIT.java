package org.acme.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import java.util.EnumMap;
import java.util.Map;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.Gallery;
import org.acme.e2e.people.Gallery.Mode;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people see when something is wrong, in every mode. */
@ExtendWith({OnTheStack.class, InChromium.class})
@SuppressWarnings("try") // an outage does its work by being open
@Order(Integer.MAX_VALUE - 20)
@Tag("long")
class TroublePagesIT {

    private final Map<Mode, Gallery> galleries = new EnumMap<>(Mode.class);
    private final Map<Mode, BrowserContext> people = new EnumMap<>(Mode.class);
    private Stack stack;

    @BeforeEach
    void openAll(Stack stack, Chromium chromium) {
        this.stack = stack;
        for (Mode mode : Gallery.modes().toList()) {
            galleries.put(mode, new Gallery(mode));
            people.put(mode, galleries.get(mode).person(chromium));
        }
    }

    @AfterEach
    void closeAll() {
        people.values().forEach(BrowserContext::close);
    }

    @Test
    @DisplayName("E5 O1 a store that is unavailable, and a fault of ours: said in words, in every mode")
    void aFaultOfOurs() {
        Map<Mode, Page> pages = signedIn("alice", "/projects/");
        Page first = pages.get(Mode.LIGHT_DESKTOP);
        Chromium.byTestId(first, "project-name").fill("To be damaged");
        Chromium.byTestId(first, "create-project").click();
        assertThat(first.locator("main h1")).hasText("To be damaged");
        String project = first.url().replaceFirst("\\?.*", "");
        String key = "projects:{all}:project:" + project.substring(project.lastIndexOf('/') + 1);
        Runnable mend = stack.redis().damaged(key, "number", "not a number");
        try {
            look(pages, project, 500, "500");
        } finally {
            mend.run();
        }
        try (Outage redis = stack.without("redis")) {
            look(pages, stack.base() + "/users/profile", 503, "503");
        }
        galleries.values().forEach(Gallery::assertNoComplaints);
    }

    @Test
    @DisplayName("E5 O4 the provider unavailable: a sign-in says so, in every mode")
    void theProviderAway() {
        Map<Mode, Page> pages = new EnumMap<>(Mode.class);
        Map<Mode, String> callbacks = new EnumMap<>(Mode.class);
        people.forEach((mode, person) -> {
            Page page = galleries.get(mode).page(person);
            page.navigate(stack.base() + "/users/profile");
            assertThat(page.locator("#password")).isVisible();
            pages.put(mode, page);
            // As if the provider went away between the password and the exchange of the code.
            callbacks.put(
                    mode,
                    stack.base() + "/users/auth/keycloak/callback?code=x&state="
                            + page.url().replaceFirst(".*[?&]state=([^&]*).*", "$1") + "&iss="
                            + Visitor.encoded(stack.keycloakOrigin() + "/realms/sso"));
        });
        try (Outage keycloak = stack.without("keycloak")) {
            pages.forEach((mode, page) -> look(mode, page, callbacks.get(mode), 503, "provider-away"));
        }
        galleries.values().forEach(Gallery::assertNoComplaints);
    }

    @Test
    @DisplayName("E5 E7 two texts for one project, in every mode")
    void twoTexts() {
        signedIn("alice", "/projects/").forEach((mode, page) -> {
            Chromium.byTestId(page, "project-name").fill("Two minds");
            Chromium.byTestId(page, "project-description").fill("First words.");
            Chromium.byTestId(page, "create-project").click();
            assertThat(page.locator("main h1")).hasText("Two minds");
            String edit = page.url().replaceFirst("\\?.*", "") + "/edit";
            page.navigate(edit);
            Page other = people.get(mode).newPage();
            other.navigate(edit);
            Chromium.byTestId(other, "project-description").fill("Their words.");
            Chromium.byTestId(other, "save").click();
            assertThat(Chromium.byTestId(other, "description")).hasText("Their words.");
            other.close();
            Chromium.byTestId(page, "project-description").fill("My words.");
            Chromium.byTestId(page, "save").click();
            assertThat(Chromium.byTestId(page, "conflict")).isVisible();
            galleries.get(mode).look(page, "project-conflict");
        });
        galleries.values().forEach(Gallery::assertNoComplaints);
    }

    private Map<Mode, Page> signedIn(String user, String path) {
        Map<Mode, Page> pages = new EnumMap<>(Mode.class);
        people.forEach((mode, person) -> {
            Page page = galleries.get(mode).page(person);
            page.navigate(stack.base() + path);
            Chromium.fillIn(page, user);
            assertThat(Chromium.byTestId(page, "signed-in-name")).hasText(user);
            pages.put(mode, page);
        });
        return pages;
    }

    private void look(Map<Mode, Page> pages, String address, int status, String name) {
        pages.forEach((mode, page) -> look(mode, page, address, status, name));
    }

    private void look(Mode mode, Page page, String address, int status, String name) {
        Response response = page.navigate(address);
        assertThat(response.status()).as("%s in %s", address, mode).isEqualTo(status);
        galleries.get(mode).look(page, name);
    }
}
