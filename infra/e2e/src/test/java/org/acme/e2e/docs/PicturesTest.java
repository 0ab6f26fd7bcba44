package org.acme.e2e.docs;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.InChromium;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Takes the pictures in {@code docs/pictures}: {@code infra/pictures} runs it against a running stack. No other run does. */
@EnabledIfSystemProperty(named = PicturesTest.BASE_URL, matches = "https?:.+")
@ExtendWith(InChromium.class)
class PicturesTest {

    static final String BASE_URL = "docs.pictures";

    private static final Path FOLDER = Repository.ROOT.resolve("docs/pictures");
    private static final int LARGEST = 80_000;
    private static final String TO_WEBP =
            """
            async png => {
              const image = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
              const canvas = new OffscreenCanvas(image.width, image.height);
              canvas.getContext('2d').drawImage(image, 0, 0);
              const webp = new Uint8Array(await (await canvas.convertToBlob({type: 'image/webp', quality: 0.85})).arrayBuffer());
              return btoa(Array.from(webp, byte => String.fromCharCode(byte)).join(''));
            }
            """;

    /** A picture's name, and how alice, who is signed in, gets to what it shows. */
    private static Map<String, Consumer<Page>> pictures() {
        Map<String, Consumer<Page>> pictures = new LinkedHashMap<>();
        pictures.put("projects", at("/projects/"));
        pictures.put("sessions", at("/users/sessions"));
        pictures.put("live", PicturesTest::aSignOffInTheLiveView);
        return pictures;
    }

    @ParameterizedTest
    @EnumSource(
            value = ColorScheme.class,
            names = {"LIGHT", "DARK"})
    void take(ColorScheme scheme, Chromium chromium) throws IOException {
        Files.createDirectories(FOLDER);
        otherDevices(chromium);
        try (BrowserContext alice = chromium.person(new Browser.NewContextOptions()
                        .setColorScheme(scheme)
                        .setViewportSize(860, 560)
                        .setDeviceScaleFactor(1.5)
                        .setLocale("en-GB"));
                Page page = alice.newPage()) {
            signIn(page);
            projects(page, "Office move", "Summer party", "Website relaunch");
            for (Map.Entry<String, Consumer<Page>> picture : pictures().entrySet()) {
                picture.getValue().accept(page);
                page.waitForLoadState();
                Path file = FOLDER.resolve(
                        "%s-%s.webp".formatted(picture.getKey(), scheme.name().toLowerCase(Locale.ROOT)));
                Files.write(file, webp(alice, page.screenshot()));
                assertThat(file).as("fits into a repository").satisfies(taken -> assertThat(Files.size(taken))
                        .isLessThan(LARGEST));
            }
            at("/users/sessions").accept(page);
            Chromium.byTestId(page, "end-all").click();
            assertThat(Chromium.byTestId(page, "signed-in-name")).hasCount(0);
        }
    }

    /** Where alice is signed in, too. */
    private static void otherDevices(Chromium chromium) {
        for (String device : List.of("(iPhone) Version/19.0 Safari/604.1", "(Windows NT 10.0) Firefox/145.0")) {
            try (BrowserContext context = chromium.person(new Browser.NewContextOptions().setUserAgent(device));
                    Page page = context.newPage()) {
                signIn(page);
            }
        }
    }

    private static void signIn(Page page) {
        at("/users/auth/sign-in").accept(page);
        Chromium.fillIn(page, "alice");
        assertThat(Chromium.byTestId(page, "signed-in-name")).hasText("alice");
    }

    /** Of somebody else, in another browser. */
    private static void aSignOffInTheLiveView(Page page) {
        page.setViewportSize(860, 690);
        at("/users/live").accept(page);
        assertThat(page.getByText("lease held").first()).isVisible();
        try (BrowserContext another = page.context().browser().newContext();
                Page bob = another.newPage()) {
            at("/projects/").accept(bob);
            Chromium.fillIn(bob, "bob");
            for (int visit = 0; visit < 4; visit++) {
                at("/users/profile").accept(bob);
                at("/projects/").accept(bob);
            }
            Chromium.byTestId(bob, "sign-off").click();
            assertThat(bob.locator("main > h1")).hasText("Signed out");
        }
        assertThat(page.getByText("provider told").first()).isVisible();
    }

    private static Consumer<Page> at(String path) {
        return page -> page.navigate(System.getProperty(BASE_URL) + path);
    }

    /** Those that are not there yet. */
    private static void projects(Page page, String... names) {
        for (String name : names) {
            at("/projects/").accept(page);
            if (page.getByText(name).count() == 0) {
                Chromium.byTestId(page, "project-name").fill(name);
                Chromium.byTestId(page, "create-project").click();
                assertThat(Chromium.byTestId(page, "done")).isVisible();
            }
        }
    }

    /** The browser itself knows the format. */
    private static byte[] webp(BrowserContext context, byte[] png) {
        try (Page converter = context.newPage()) {
            Object webp = converter.evaluate(TO_WEBP, Base64.getEncoder().encodeToString(png));
            return Base64.getDecoder().decode((String) webp);
        }
    }
}
