package org.acme.e2e.people;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Pages as they look in one mode: photographed, asked whether everybody can read them, and listened to. */
public final class Gallery {

    private static final String WIDER_THAN_THE_WINDOW = "document.documentElement.scrollWidth > window.innerWidth";

    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final Mode mode;

    /** How a page is looked at. */
    public enum Mode {
        LIGHT_DESKTOP(ColorScheme.LIGHT, 1280, 800),
        DARK_DESKTOP(ColorScheme.DARK, 1280, 800),
        LIGHT_PHONE(ColorScheme.LIGHT, 375, 720),
        DARK_PHONE(ColorScheme.DARK, 375, 720);

        private final ColorScheme scheme;
        private final int width;
        private final int height;

        Mode(ColorScheme scheme, int width, int height) {
            this.scheme = scheme;
            this.width = width;
            this.height = height;
        }

        private String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Gallery(Mode mode) {
        this.mode = mode;
    }

    /** @return the modes to look at pages in: two that differ in all, or with the long tests every one (pom.xml, e2e.modes) */
    public static Stream<Mode> modes() {
        return Stream.of(System.getProperty("e2e.modes").split(",")).map(Mode::valueOf);
    }

    /** A reader of another language and zone than the servers'. */
    public BrowserContext person(Chromium chromium) {
        return chromium.person(new Browser.NewContextOptions()
                .setColorScheme(mode.scheme)
                .setViewportSize(mode.width, mode.height)
                .setLocale("de-DE")
                .setTimezoneId("Europe/Berlin"));
    }

    /** A tab whose console is listened to. */
    public Page page(BrowserContext person) {
        Page page = person.newPage();
        page.onConsoleMessage(message -> {
            // The browser's own word on an error page that was asked for.
            if (message.type().equals("error") && !message.text().contains("the server responded with a status of")) {
                complaints.add(page.url() + ": " + message.text());
            }
        });
        page.onPageError(error -> complaints.add(page.url() + ": " + error));
        return page;
    }

    /** Photographs the page and asks whether everybody can read it. */
    public void look(Page page, String name) {
        page.waitForLoadState();
        String label = name.replaceAll("[^a-z0-9]+", "-").replaceAll("-$", "") + "-" + mode.label();
        Chromium.photograph(page, "pages/" + label);
        assertThat((Boolean) page.evaluate(WIDER_THAN_THE_WINDOW))
                .as(label + " scrolls sideways")
                .isFalse();
        assertThat(new AxeBuilder(page)
                        .withTags(List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"))
                        .analyze()
                        .getViolations())
                .as(label)
                .extracting(rule -> rule.getId() + ": " + rule.getNodes().get(0).getHtml())
                .isEmpty();
    }

    public void assertNoComplaints() {
        assertThat(complaints)
                .as("on the console: errors of scripts, offences of the content policy")
                .isEmpty();
    }
}
