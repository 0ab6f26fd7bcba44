package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Everywhere;
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

/** What happens on the way in: callbacks at odd moments, scripts, and ids that somebody planted. */
@ExtendWith(OnTheStack.class)
class SignInIT {

    private static final Pattern LINK = Pattern.compile("<a\\s[^>]*href=");

    private Stack stack;
    private Visitor visitor;

    @BeforeEach
    void newVisitor(Stack stack) {
        this.stack = stack;
        visitor = new Visitor(stack.base());
    }

    @Test
    @DisplayName("I3 a signed-in user who reloads the callback lands on a page")
    void reloadedCallbackLandsOnAPage() {
        URI callback = visitor.signInUpToCallback("alice", "/users/profile");
        assertThat(visitor.open(callback.toString()).status()).isEqualTo(200);

        Answer again = visitor.open(callback.toString());

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.uri().toString()).startsWith(stack.base());
        Everywhere.assertKnown(stack, visitor);
    }

    @Test
    @DisplayName("I1 I3 a callback in another browser makes no session and shows one message page with one link")
    void callbackInAnotherBrowserGetsAMessagePage() {
        URI callback = visitor.signInUpToCallback("alice", "/users/profile");
        Visitor other = new Visitor(stack.base());

        assertMessagePage(other.get(callback.toString(), Visitor.NAVIGATION));

        assertThat(other.cookies().value(Site.COOKIE)).isEmpty();
    }

    @Test
    @DisplayName("I3 a callback that comes too late, its code no longer good, shows one message page with one link")
    void lateCallbackGetsAMessagePage() {
        URI callback = visitor.signInUpToCallback("alice", "/users/profile");
        String stale = callback.toString().replaceAll("([?&]code=)[^&]{8}", "$100000000");
        assertThat(stale).isNotEqualTo(callback.toString());

        assertMessagePage(visitor.get(stale, Visitor.NAVIGATION));

        assertThat(visitor.cookies().value(Site.COOKIE)).isEmpty();
    }

    @Test
    @DisplayName("I3 a callback whose state cookie is gone shows one message page with one link")
    void callbackWithoutItsStateCookieGetsAMessagePage() {
        URI callback = visitor.signInUpToCallback("alice", "/projects/");
        visitor.cookies().clear();

        assertMessagePage(visitor.get(callback.toString(), Visitor.NAVIGATION));
    }

    @Test
    @DisplayName("I3 who declines at the provider sees one message page with one link")
    void declinedSignInGetsAMessagePage() {
        URI callback = visitor.signInUpToCallback("alice", "/users/profile");
        String declined = callback.toString().replaceAll("([?&])code=[^&]*", "$1error=access_denied");

        assertMessagePage(visitor.get(declined, Visitor.NAVIGATION));
    }

    @Test
    @DisplayName("I10 duplicate code and state parameters are refused")
    void duplicateParametersAreRefused() {
        URI callback = visitor.signInUpToCallback("alice", "/users/profile");

        assertMessagePage(visitor.get(callback + "&code=another", Visitor.NAVIGATION));
        assertMessagePage(visitor.get(callback + "&state=another", Visitor.NAVIGATION));

        assertThat(visitor.cookies().value(Site.COOKIE)).isEmpty();
    }

    @Test
    @DisplayName("I7 a response that names another issuer is refused")
    void anotherIssuerIsRefused() {
        URI callback = visitor.signInUpToCallback("alice", "/users/profile");
        assertThat(callback.getRawQuery()).as("Keycloak names itself, RFC 9207").contains("iss=");
        String forged = callback.toString().replaceAll("([?&]iss=)[^&]*", "$1https%3A%2F%2Fevil.example");

        assertMessagePage(visitor.get(forged, Visitor.NAVIGATION));

        assertThat(visitor.cookies().value(Site.COOKIE)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example/",
                "/%5Cevil.example/",
                "https:evil.example",
                "https://evil.example/",
                "/%09/evil.example/",
                "/%0d%0aLocation:%20https://evil.example/",
                "//alice@evil.example/"
            })
    @DisplayName("I6 a return address that leaves this site is not followed")
    void returnAddressStaysHere(String evil) {
        String start = "/users/auth/keycloak?return=" + Visitor.encoded(evil).replace("%25", "%");

        Answer first = visitor.get(start, Visitor.NAVIGATION);
        assertThat(first.status()).isLessThan(500);
        if (first.isRedirect()) {
            Answer page = visitor.signIn("alice", start);
            assertThat(page.uri().toString()).startsWith(stack.base() + "/");
        }
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // Sec-Fetch-Mode, Sec-Fetch-Dest, X-Requested-With, Accept, redirected
                "navigate,    document, -,              text/html,        true",
                "navigate,    document, XMLHttpRequest, application/json, true",
                "navigate,    iframe,   -,              text/html,        false",
                "cors,        empty,    -,              text/html,        false",
                "same-origin, empty,    -,              */*,              false",
                "no-cors,     image,    -,              image/avif,       false",
                "no-cors,     script,   -,              */*,              false",
                "-,           -,        XMLHttpRequest, text/html,        false",
                "-,           -,        -,              text/html,        true",
                "-,           -,        -,              application/json, false"
            })
    @DisplayName("I5 a navigation is redirected to the sign-in; a script gets 401, a problem document and no cookie")
    void navigationsAreRedirectedAndScriptsAreTold(
            String mode, String dest, String requestedWith, String accept, boolean redirected) {
        List<String> headers = new ArrayList<>();
        add(headers, "Sec-Fetch-Mode", mode);
        add(headers, "Sec-Fetch-Dest", dest);
        add(headers, "X-Requested-With", requestedWith);
        add(headers, "Accept", accept);

        for (String page : List.of("/users/profile", "/projects/")) {
            Answer answer = visitor.get(page, headers);

            if (redirected) {
                assertThat(answer.isRedirect()).as("%s", answer).isTrue();
                assertThat(answer.status()).isIn(302, 303);
                assertThat(answer.location().toString()).contains("/realms/sso/protocol/openid-connect/auth?");
            } else {
                assertSignInProblem(answer, page.substring(0, page.indexOf('/', 1)) + "/auth/sign-in");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/users/api/me", "/projects/api/projects"})
    @DisplayName("I5 an API tells a script without a session where to sign in, without a cookie")
    void apiTellsWhereToSignIn(String api) {
        assertSignInProblem(visitor.get(api, Visitor.SCRIPT), "/auth/sign-in");
    }

    @Test
    @DisplayName(
            "L1 a sign-in makes an id of its own, also for a browser with a planted cookie, and never adopts that one")
    void plantedIdIsNeverAdopted() {
        String planted = SignedCookie.freshId();
        visitor.cookies()
                .put(Site.COOKIE, SignedCookie.of(planted, stack.secrets().cookieSecret()));
        Everywhere.assertUnknown(stack, visitor);

        visitor.signIn("alice", "/users/profile");

        assertThat(SignedCookie.idOf(visitor.sso())).isNotEqualTo(planted).hasSizeGreaterThanOrEqualTo(43);
        assertThat(stack.redis().keys("*" + planted + "*")).isEmpty();
    }

    @Test
    @DisplayName("L1 a second sign-in in the same browser makes a new id, and the old one is dead")
    void secondSignInReplacesTheId() {
        // A second tab stands at the provider while the first one signs in, and then goes on.
        URI secondTab = visitor.get("/projects/", Visitor.NAVIGATION).location();
        visitor.signIn("alice", "/users/profile");
        String old = visitor.sso();
        Everywhere.assertKnown(stack, old);

        Answer landed = visitor.open(secondTab.toString());

        assertThat(landed.uri().getPath()).as("I2: its own link").isEqualTo("/projects/");
        assertThat(visitor.sso()).isNotEqualTo(old);
        Everywhere.assertKnown(stack, visitor);
        Everywhere.assertUnknown(stack, old);
        assertThat(stack.redis().json(SignedCookie.idOf(old))).isEmpty();
    }

    @Test
    @DisplayName("L1 a new sign-in after a sign-off makes a new id")
    void signInAfterSignOffMakesANewId() {
        visitor.signIn("alice", "/users/profile");
        String old = visitor.sso();
        visitor.signOff("users");

        visitor.signIn("alice", "/users/profile");

        assertThat(visitor.sso()).isNotEqualTo(old);
        Everywhere.assertUnknown(stack, old);
    }

    @Test
    @DisplayName("L1 a session id counts in the cookie only, not in an address or another header")
    void idOutsideTheCookieIsNothing() {
        visitor.signIn("alice", "/users/profile");
        String sso = visitor.sso();
        Visitor stranger = new Visitor(stack.base());

        assertThat(stranger.get("/users/api/me?sso=" + sso, Visitor.SCRIPT).status())
                .isEqualTo(401);
        assertThat(stranger.get("/users/api/me;sso=" + sso, Visitor.SCRIPT).status())
                .isIn(400, 401, 404);
        assertThat(stranger.get("/users/api/me", "X-Session", sso, "sso", sso).status())
                .isEqualTo(401);
    }

    private void assertMessagePage(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isBetween(400, 499);
        assertThat(answer.header("Content-Type").orElse("")).startsWith("text/html");
        assertThat(answer.header("Cache-Control").orElse("")).contains("no-store");
        assertThat(answer.body()).doesNotContain("Exception", "\tat ", "io.quarkus");
        // Its one link; the layout around it has the same ones on every page.
        assertThat(LINK.matcher(mainOf(answer.body())).results().count())
                .as("%s", answer.body())
                .isEqualTo(1);
        assertThat(answer.setCookie(Site.COOKIE).filter(cookie -> !cookie.contains("Max-Age=0")))
                .isEmpty();
    }

    private static String mainOf(String page) {
        int start = page.indexOf("<main");
        int end = page.indexOf("</main>");
        assertThat(start).as("%s", page).isPositive().isLessThan(end);
        return page.substring(start, end);
    }

    private static void assertSignInProblem(Answer answer, String signIn) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(401);
        assertThat(answer.header("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(answer.json().toString()).contains(signIn);
        assertThat(answer.setCookies()).isEmpty();
        assertThat(answer.header("Cache-Control").orElse("")).contains("no-store");
    }

    private static void add(List<String> headers, String name, String value) {
        if (value != null) {
            headers.add(name);
            headers.add(value);
        }
    }
}
