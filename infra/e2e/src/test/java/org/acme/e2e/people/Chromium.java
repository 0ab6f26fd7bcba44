package org.acme.e2e.people;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.Cookie;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.acme.e2e.observers.Canaries;
import org.acme.e2e.stack.Site;

/** Debian's Chromium, driven by Playwright. Each {@link #person()} has a profile of their own. */
public final class Chromium implements AutoCloseable {

    private static final Path EXECUTABLE = Path.of(System.getProperty("e2e.chromium", "/usr/bin/chromium"));
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final double PATIENCE_MS = 20_000;

    private final Playwright playwright =
            Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));

    private final Browser browser = playwright
            .chromium()
            .launch(new BrowserType.LaunchOptions()
                    .setExecutablePath(EXECUTABLE)
                    .setArgs(List.of(
                            "--no-sandbox", // as root, the sandbox does not start
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--no-first-run")));

    Chromium() {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    }

    /** A new person with an empty browser. */
    public BrowserContext person() {
        return person(new Browser.NewContextOptions());
    }

    /** The same, with a window, language, colours of their own. */
    public BrowserContext person(Browser.NewContextOptions options) {
        // A certificate of a stack is its own; who serves it here is known by the port.
        BrowserContext context = browser.newContext(options.setIgnoreHTTPSErrors(true));
        context.setDefaultTimeout(PATIENCE_MS);
        context.onRequest(request -> {
            if (request.url().startsWith("http")) {
                // Without what java.net.URI has no place for, and browsers send (F24).
                Canaries.noteQuery(
                        URI.create(request.url().replaceAll("#.*|[\\[\\]{}|^`\\\\]|%(?![0-9A-Fa-f]{2})", "")));
            }
        });
        return context;
    }

    /** Fills in Keycloak's login page. */
    public static void fillIn(Page page, String user) {
        page.locator("#username").fill(user);
        page.locator("#password").fill(user);
        page.locator("#kc-login").click();
    }

    public static Locator byTestId(Page page, String id) {
        return page.locator("[data-testid=" + id + "]");
    }

    /** The value of the session cookie, if the browser has one. */
    public static Optional<String> sso(BrowserContext person) {
        List<Cookie> cookies = person.cookies();
        cookies.forEach(cookie -> Canaries.note("cookie " + cookie.name, cookie.value));
        return cookies.stream()
                .filter(cookie -> cookie.name.equals(Site.COOKIE))
                .map(cookie -> cookie.value)
                .findFirst();
    }

    /** What a page is told when its person comes back to it from another tab. */
    public static void comesBack(Page page) {
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
    }

    public static void photograph(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setFullPage(true).setPath(SCREENSHOTS.resolve(name + ".png")));
    }

    @Override
    public void close() {
        playwright.close();
    }
}
