package org.acme.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import com.microsoft.playwright.options.Media;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every page at every width, by eye and by keyboard; measured, not looked at. With the longest words that somebody may type. */
@ExtendWith({OnTheStack.class, InChromium.class})
class LayoutIT {

    private static final String MEASURE = script();
    private static final String LONG = "Donaudampfschifffahrtsgesellschaftskapitän".repeat(2);

    private static final List<Integer> WIDTHS = List.of(
            320, 360, 414, 480, 560, 575, 576, 577, 600, 639, 640, 641, 700, 767, 768, 800, 900, 959, 960, 961, 991,
            992, 1024, 1280, 1440, 1920, 2560);

    @Test
    @DisplayName("F52 E10: no page scrolls sideways or touches the window's edge, from 320 to 2,560 px")
    void everyWidth(Stack stack, Chromium chromium) {
        List<String> complaints = new ArrayList<>();
        onEveryPage(
                stack,
                chromium,
                window(ColorScheme.LIGHT, 1280, 800),
                page -> WIDTHS.forEach(width -> {
                    page.setViewportSize(width, 800);
                    measure(page, "width")
                            .forEach(found -> complaints.add(width + " px, " + page.url() + ": " + found));
                    if (List.of(320, 576, 700, 960, 1440, 2560).contains(width)) {
                        Chromium.photograph(page, "layout/" + width + "-" + name(page));
                    }
                }));
        assertThat(complaints).isEmpty();
    }

    @Test
    @DisplayName(
            "F52 E10: at 400 % zoom, where a window of 1,280 by 1,024 has 320 by 256 px, everything is there and nothing scrolls sideways")
    void zoomed(Stack stack, Chromium chromium) {
        List<String> complaints = new ArrayList<>();
        onEveryPage(stack, chromium, window(ColorScheme.LIGHT, 320, 256).setDeviceScaleFactor(4), page -> measure(
                        page, "width")
                .forEach(found -> complaints.add(page.url() + ": " + found)));
        assertThat(complaints).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"LIGHT, NONE", "DARK, NONE", "LIGHT, ACTIVE", "DARK, ACTIVE"})
    @DisplayName("F53 E10: what has the focus has an outline of 3:1 or more, in light, in dark, and in forced colours")
    void focusIsSeen(ColorScheme scheme, ForcedColors forced, Stack stack, Chromium chromium) {
        List<String> complaints = new ArrayList<>();
        onEveryPage(stack, chromium, window(scheme, 1280, 800).setForcedColors(forced), page -> {
            measure(page, "focus").forEach(found -> complaints.add(page.url() + ": " + found));
            if (forced == ForcedColors.ACTIVE) {
                Chromium.photograph(page, "layout/" + scheme + "-forced-" + name(page));
            }
        });
        assertThat(complaints).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"320", "700", "1280"})
    @DisplayName("F54 E10: whatever can be pressed has 24 px each way, and lies on nothing else")
    void targetsAreLargeEnough(int width, Stack stack, Chromium chromium) {
        List<String> complaints = new ArrayList<>();
        onEveryPage(stack, chromium, window(ColorScheme.LIGHT, width, 800), page -> measure(page, "targets")
                .forEach(found -> complaints.add(page.url() + ": " + found)));
        assertThat(complaints).isEmpty();
    }

    @Test
    @DisplayName("on paper, pages show no buttons, and browsers know the colour of the head")
    void onPaper(Stack stack, Chromium chromium) {
        try (BrowserContext person = chromium.person(window(ColorScheme.LIGHT, 1280, 800))) {
            Page page = person.newPage();
            page.navigate(stack.base() + "/");
            assertThat(page.locator("meta[name=theme-color]")).hasCount(2);
            assertThat(page.locator("#sign-in")).isVisible();
            page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
            assertThat(page.locator("#sign-in")).isHidden();
            assertThat(page.locator("header.layout nav")).isHidden();
            assertThat(page.locator("main > h1")).isVisible();
            Chromium.photograph(page, "layout/print");
        }
    }

    private static void onEveryPage(
            Stack stack, Chromium chromium, Browser.NewContextOptions window, Consumer<Page> look) {
        try (BrowserContext person = chromium.person(window)) {
            Page page = person.newPage();
            for (String path : List.of(
                    "/", "/users/live", "/users/nowhere", "/users/auth/signed-off", "/users/auth/keycloak/callback")) {
                page.navigate(stack.base() + path);
                look.accept(page);
            }
            page.navigate(stack.base() + "/users/profile");
            Chromium.fillIn(page, "alice");
            assertThat(Chromium.byTestId(page, "signed-in-name")).hasText("alice");
            for (String path : List.of(
                    "/",
                    "/users/profile",
                    "/users/sessions",
                    "/users/admin/sessions?q=a",
                    "/projects/?show=archived",
                    "/projects/")) {
                page.navigate(stack.base() + path);
                look.accept(page);
            }
            projects(page, stack, look);
        }
    }

    private static void projects(Page page, Stack stack, Consumer<Page> look) {
        Chromium.byTestId(page, "project-name").fill(LONG);
        Chromium.byTestId(page, "project-description").fill((LONG + LONG + "\n").repeat(3));
        Chromium.byTestId(page, "create-project").click();
        assertThat(Chromium.byTestId(page, "done")).isVisible();
        String project = page.url();
        Chromium.byTestId(page, "member-name").fill("bob");
        Chromium.byTestId(page, "add-member").click();
        assertThat(Chromium.byTestId(page, "member")).containsText("bob");
        look.accept(page);
        Chromium.byTestId(page, "member-name").fill(LONG + LONG);
        Chromium.byTestId(page, "add-member").click();
        assertThat(Chromium.byTestId(page, "member-name-wrong")).isVisible();
        look.accept(page);
        page.navigate(project + "/edit");
        look.accept(page);
        Chromium.byTestId(page, "project-description").fill("x".repeat(2001));
        Chromium.byTestId(page, "save").click();
        assertThat(Chromium.byTestId(page, "project-description-wrong")).isVisible();
        look.accept(page);
        page.navigate(project + "/archive");
        look.accept(page);
        Chromium.byTestId(page, "archive-now").click();
        assertThat(Chromium.byTestId(page, "archived")).isVisible();
        look.accept(page);
        page.navigate(stack.base() + "/projects/?show=archived");
        look.accept(page);
    }

    @SuppressWarnings("unchecked")
    private static List<String> measure(Page page, String what) {
        page.waitForLoadState();
        return (List<String>) page.evaluate(MEASURE, what);
    }

    private static Browser.NewContextOptions window(ColorScheme scheme, int width, int height) {
        return new Browser.NewContextOptions().setColorScheme(scheme).setViewportSize(width, height);
    }

    private static String name(Page page) {
        return page.url()
                .replaceAll("^https?://[^/]*/", "")
                .replaceAll("[0-9a-f-]{36}", "id")
                .replaceAll("[^a-z]+", "-");
    }

    private static String script() {
        try (InputStream script = LayoutIT.class.getResourceAsStream("/look/layout.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
