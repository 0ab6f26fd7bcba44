package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import java.util.ArrayList;
import java.util.List;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Writes that come with a cookie are obeyed only when this site's own pages sent them. */
@ExtendWith({OnTheStack.class, InChromium.class})
class WritesIT {

    private static final String EVIL = "http://evil.test/";
    private static final String FORM = "application/x-www-form-urlencoded";

    private Stack stack;
    private Visitor alice;

    @BeforeEach
    void signIn(Stack stack) {
        this.stack = stack;
        alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // Sec-Fetch-Site, Origin, Referer
                "-,          -,                         -",
                "-,          -,                         {base}/users/",
                "cross-site, -,                         -",
                "cross-site, http://evil.test,          -",
                "same-site,  -,                         -",
                "none,       -,                         -",
                "-,          http://evil.test,          -",
                "-,          null,                      -",
                "-,          {other},   -",
                "-,          {keycloak},    -",
                "-,          {base}.evil.test, -"
            })
    @DisplayName("E4 S2 a write from elsewhere, or one that does not say where it is from, is refused and does nothing")
    void writeFromElsewhereIsRefused(String site, String origin, String referer) {
        List<String> headers = new ArrayList<>();
        add(headers, "Sec-Fetch-Site", site);
        add(headers, "Origin", real(origin));
        add(headers, "Referer", real(referer));
        String name = "forged " + System.nanoTime();

        List<Answer> answers = List.of(
                write("/projects/api/projects", "application/json", "{\"name\":\"" + name + "\"}", headers),
                write("/projects/", FORM, "name=" + Visitor.encoded(name), headers),
                write("/projects/auth/sign-off", FORM, "", headers),
                write("/users/auth/sign-off", FORM, "", headers));

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.status()).as("%s", answer).isEqualTo(403);
            assertThat(answer.setCookies()).isEmpty();
        });
        Everywhere.assertKnown(stack, alice);
        assertThat(alice.get("/projects/api/projects", Visitor.SCRIPT).body()).doesNotContain(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Sec-Fetch-Site", "Origin"})
    @DisplayName("E4 a write of this site's own pages is obeyed, known by either header")
    void ownWriteIsObeyed(String header) {
        String name = "mine " + System.nanoTime();
        String value = header.equals("Origin") ? stack.base() : "same-origin";

        Answer created =
                alice.post("/projects/api/projects", "application/json", "{\"name\":\"" + name + "\"}", header, value);

        assertThat(created.status()).as("%s", created).isEqualTo(201);
        assertThat(alice.get("/projects/api/projects", Visitor.SCRIPT).body()).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/users/auth/sign-off", "/projects/auth/sign-off"})
    @DisplayName("S2 a GET on the sign-off ends nothing, whatever it calls itself")
    void getOnSignOffEndsNothing(String signOff) {
        assertThat(alice.get(signOff, Visitor.NAVIGATION).status()).isEqualTo(303);
        assertThat(alice.get(signOff, "Sec-Fetch-Site", "same-origin", "Sec-Fetch-Dest", "image")
                        .status())
                .isEqualTo(303);
        assertThat(alice.get(signOff, "X-HTTP-Method-Override", "POST", "Origin", stack.base())
                        .status())
                .isEqualTo(303);

        Everywhere.assertKnown(stack, alice);
    }

    @Test
    @DisplayName("S2 E4 in Chromium, another site's image, form and fetch on the sign-off end nothing")
    void anotherSiteCannotSignOff(Chromium chromium) {
        try (BrowserContext person = chromium.person()) {
            Page page = person.newPage();
            page.navigate(stack.base() + "/users/profile");
            Chromium.fillIn(page, "bob");
            Chromium.byTestId(page, "signed-in-name").waitFor();
            String sso = Chromium.sso(person).orElseThrow();
            List<Integer> answers = new ArrayList<>();
            person.onResponse(response -> {
                if (response.url().contains("/sign-off") || response.url().contains("/api/projects")) {
                    answers.add(response.status());
                }
            });
            page.route(
                    EVIL,
                    route -> route.fulfill(new Route.FulfillOptions()
                            .setContentType("text/html")
                            .setBody(
                                    """
                            <title>evil</title>
                            <img src="%1$s/users/auth/sign-off">
                            <form method="post" action="%1$s/projects/auth/sign-off"><button>win</button></form>
                            """
                                            .formatted(stack.base()))));

            page.navigate(EVIL);
            page.evaluate(
                    """
                    base => fetch(base + '/users/auth/sign-off', {method: 'POST', mode: 'no-cors', credentials: 'include'})
                        .catch(() => 'refused')
                    """,
                    stack.base());
            page.waitForResponse(
                    response -> response.url().endsWith("/projects/auth/sign-off"),
                    () -> page.locator("button").click());

            assertThat(answers).isNotEmpty();
            Everywhere.assertKnown(stack, sso);
            page.navigate(stack.base() + "/users/profile");
            assertThat(Chromium.byTestId(page, "signed-in-name").innerText()).contains("bob");
        }
    }

    private String real(String address) {
        return address == null
                ? null
                : address.replace("{base}", stack.base())
                        .replace("{keycloak}", stack.keycloakOrigin())
                        .replace(
                                "{other}",
                                stack.base().replace(Site.TLS ? "https:" : "http:", Site.TLS ? "http:" : "https:"));
    }

    private Answer write(String where, String contentType, String body, List<String> headers) {
        return alice.post(where, contentType, body, headers.toArray(String[]::new));
    }

    private static void add(List<String> headers, String name, String value) {
        if (value != null) {
            headers.add(name);
            headers.add(value);
        }
    }
}
