package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.acme.e2e.observers.NodeProviders;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Gallery;
import org.acme.e2e.people.Gallery.Mode;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keycloak, a second OpenID provider, and one that speaks OAuth 2.0 only, side by side. */
@ExtendWith({OnTheStack.class, InChromium.class})
@Order(Integer.MAX_VALUE - 5) // it leaves three people of the same name
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@DisabledIfSystemProperty(named = "e2e.compose", matches = ".*", disabledReason = "containers keep their settings")
class ProvidersIT {

    /** Tokens are due at once: they last a second longer than the services refresh ahead. */
    private static final int ACCESS_SECONDS = 16;

    private static final String ENDED_THERE = "ended at the provider";
    private static final ProviderMatrix MATRIX = new ProviderMatrix(
            List.of("sign-in", "refresh", "sign-off", ENDED_THERE), List.of("keycloak", "acme", "octo"));

    private static Stack stack;
    private static NodeProviders providers;
    private static Outage configured;

    @BeforeAll
    static void configure(Stack theStack) {
        stack = theStack;
        providers = NodeProviders.start(stack, ACCESS_SECONDS);
        String[] settings = Stream.concat(
                        Arrays.stream(providers.settings()),
                        Stream.of("SSO_REFRESH_REVALIDATE_INTERVAL=" + ACCESS_SECONDS + "S"))
                .toArray(String[]::new);
        configured = stack.withSettings("services", settings);
    }

    @AfterAll
    static void back() {
        configured.close();
        providers.close();
    }

    private static String record(Visitor visitor, String field) {
        return stack.redis().record(SignedCookie.idOf(visitor.sso())).get(field);
    }

    /** Signed in at that provider, and on a page. */
    private static Visitor signedIn(String provider) {
        Visitor bob = new Visitor(stack.base());
        Answer page = provider.equals("keycloak")
                ? bob.signIn("bob", "/users/profile")
                : providers.signIn(bob, provider, "bob", "/users/profile");
        assertThat(page.status()).as("%s", page).isEqualTo(200);
        assertThat(page.uri().getPath()).isEqualTo("/users/profile");
        return bob;
    }

    @ParameterizedTest
    @ValueSource(strings = {"keycloak", "acme", "octo"})
    @DisplayName("I11 signed in at each provider, known in every service and instance; the session remembers which")
    void signInAtEach(String provider) {
        Visitor bob = signedIn(provider);
        assertThat(bob.open("/users/profile").body()).contains("bob", provider);
        Everywhere.assertKnown(stack, bob);
        assertThat(record(bob, "provider")).isEqualTo(provider);
        if (!provider.equals("keycloak")) {
            assertThat(record(bob, "issuer")).isEqualTo(providers.issuer(provider));
        }
        assertThat(bob.cookies().names()).noneMatch(name -> name.startsWith("q_session"));
        MATRIX.saw("sign-in", provider, "yes");
    }

    @Test
    @DisplayName("I9 the same e-mail address at three providers is three users, who see nothing of each other")
    void accountsNeverMergeByEmail() {
        Visitor atKeycloak = new Visitor(stack.base());
        atKeycloak.signIn("bob", "/users/profile");
        Answer created =
                atKeycloak.post("/projects/api/projects", "application/json", "{\"name\":\"bob's at keycloak\"}");
        assertThat(created.status()).isEqualTo(201);
        String subject = record(atKeycloak, "subject");
        for (String provider : List.of("acme", "octo")) {
            Visitor other = new Visitor(stack.base());
            providers.signIn(other, provider, "bob", "/users/profile");
            assertThat(other.open("/users/profile").body()).contains("bob@example.org");
            assertThat(record(other, "subject")).isNotEqualTo(subject);
            assertThat(other.get("/projects/api/projects", Visitor.SCRIPT).body())
                    .doesNotContain("bob's at keycloak");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"keycloak", "acme", "octo"})
    @DisplayName("R3 R4 refreshed, or asked about, at its own provider; the id stays")
    void refreshFollowsTheProvider(String provider) {
        Visitor bob = signedIn(provider);
        String sso = bob.sso();
        String refreshToken = record(bob, "refresh");
        Awaitility.await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            if (provider.equals("keycloak")) { // whose tokens last for minutes
                stack.redis().setField(SignedCookie.idOf(sso), "accessExpires", "0");
            }
            assertThat(bob.get("/users/api/me", Visitor.SCRIPT).status()).isEqualTo(200);
            assertThat(Integer.parseInt(record(bob, "tokensRev"))).isGreaterThanOrEqualTo(3);
        });
        assertThat(bob.sso()).isEqualTo(sso);
        // That field is written when the provider gives a new one, and otherwise left as it is.
        boolean rotated = !Objects.equals(refreshToken, record(bob, "refresh"));
        String refreshed = rotated ? "yes, rotating" : "yes, the same again";
        MATRIX.saw("refresh", provider, refreshToken == null ? "asked whether its token is still good" : refreshed);
    }

    @Test
    @DisplayName("L3 a session without a refresh token ends when its provider says so")
    void withdrawnAtTheProvider() {
        Visitor dora = new Visitor(stack.base());
        providers.signIn(dora, "octo", "dora", "/users/profile");
        providers.withdrawAtOcto("dora");
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        dora.get("/users/api/me", Visitor.SCRIPT).status())
                .isEqualTo(401));
        Everywhere.assertUnknown(stack, dora);
        MATRIX.saw(ENDED_THERE, "octo", "at the next question, 5 min at most");
    }

    @ParameterizedTest
    @ValueSource(strings = {"keycloak", "acme", "octo"})
    @DisplayName(
            "S1 S6 a sign-off ends the session everywhere, whichever provider began it, and what can be ended there")
    void signOffFollowsTheProvider(String provider) {
        Visitor bob = signedIn(provider);
        String sso = bob.sso();
        String sid = record(bob, "sid");
        int revoked = providers.revokedAtAcme();
        Answer answer = bob.signOff("projects");
        assertThat(answer.status()).isEqualTo(303);
        Everywhere.assertUnknown(stack, sso);
        MATRIX.saw("sign-off", provider, "here at once; " + endedThere(provider, bob, answer, sid, revoked));
    }

    private static String endedThere(String provider, Visitor bob, Answer answer, String sid, int revoked) {
        if (answer.location().getPath().endsWith("/signed-off")) {
            assertThat(stack.keycloak().sessions("bob")).doesNotContain(sid);
            return "at the provider from server to server";
        }
        // It has no way to end its session from server to server; the page says so, and leads there if it can.
        String page = bob.open(answer.location().toString()).body();
        if (provider.equals("acme")) {
            assertThat(providers.revokedAtAcme()).isEqualTo(revoked + 1);
            assertThat(page).contains(providers.issuer("acme") + "/session/end");
            return "tokens revoked; at the provider by a link";
        }
        assertThat(page).doesNotContain(providers.issuer("octo"));
        return "the provider has none";
    }

    @ParameterizedTest
    @ValueSource(strings = {"keycloak", "acme"})
    @DisplayName("B3 what ends at the OpenID provider itself ends the session here, by its back-channel logout")
    void backChannelOfEach(String provider) {
        Visitor bob = signedIn(provider);
        Everywhere.assertKnown(stack, bob);
        if (provider.equals("keycloak")) {
            stack.keycloak().signOut("bob");
        } else {
            providers.signOffAtAcme(bob);
        }
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> Everywhere.assertUnknown(stack, bob));
        assertThat(stack.redis().record(SignedCookie.idOf(bob.sso()))).containsEntry("endReason", "provider-logout");
        MATRIX.saw(ENDED_THERE, provider, "at once, by back-channel logout");
    }

    @Test
    @DisplayName("I11 the sign-in link offers what is configured")
    void theSignInPageOffersAll() {
        String page = new Visitor(stack.base())
                .open("/projects/auth/sign-in?return=/projects/")
                .body();
        assertThat(page).contains(">Acme</a>", ">Octo</a>", ">keycloak</a>");
    }

    @ParameterizedTest
    @MethodSource("org.acme.e2e.people.Gallery#modes")
    @DisplayName("E5 I11 the page that offers providers, and the one that says that a provider goes on, in every mode")
    void thePagesAboutProviders(Mode mode, Chromium chromium) {
        Gallery gallery = new Gallery(mode);
        try (BrowserContext carol = gallery.person(chromium)) {
            // Not listened to: the other provider's page asks for a font that is not there.
            Page page = carol.newPage();
            page.navigate(stack.base() + "/users/auth/sign-in?return=/users/");
            gallery.look(page, "provider-choice");
            page.locator("main a[href*='/auth/acme']").click();
            page.locator("[name=login]").fill("carol");
            page.locator("[name=password]").fill("x");
            page.keyboard().press("Enter");
            PlaywrightAssertions.assertThat(Chromium.byTestId(page, "sign-off")).isVisible();
            Chromium.byTestId(page, "sign-off").click();
            PlaywrightAssertions.assertThat(page.locator("main > h1")).isVisible();
            gallery.look(page, "signed-off-here");
        }
    }

    @Test
    @DisplayName("I1 I7 what belongs to one provider is worth nothing at another's callback")
    void mixUpIsRefused() {
        Visitor carol = new Visitor(stack.base());
        Answer form = carol.open("/users/auth/octo");
        assertThat(form.status()).isEqualTo(200);
        String state = form.uri().getQuery().replaceFirst(".*state=([^&]*).*", "$1");
        Answer mixed = carol.get("/users/auth/acme/callback?code=x&state=" + state, Visitor.NAVIGATION);
        assertThat(mixed.status()).isEqualTo(400);
        assertThat(carol.cookies().value(Site.COOKIE)).isEmpty();
    }

    @Test
    @Order(Integer.MAX_VALUE)
    @DisplayName("I11 the matrix of providers in docs/providers.md is what these tests saw, to the letter")
    void matrix() throws IOException {
        Files.createDirectories(Path.of("target", "measured"));
        Files.writeString(Path.of("target", "measured", "providers.md"), MATRIX.table());
        assertThat(Files.readString(Path.of("..", "..", "docs", "providers.md")))
                .contains(MATRIX.table());
    }
}
