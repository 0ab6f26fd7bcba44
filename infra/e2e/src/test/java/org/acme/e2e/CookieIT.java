package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.acme.e2e.observers.RedisProbe;
import org.acme.e2e.observers.RedisWatch;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The cookie as browsers get it, and as forgers send it. */
@ExtendWith(OnTheStack.class)
class CookieIT {

    private static final List<String> PAGES = List.of("/users/", "/users/profile", "/projects/", "/users/api/me");

    private Stack stack;
    private Visitor visitor;

    @BeforeEach
    void newVisitor(Stack stack) {
        this.stack = stack;
        visitor = new Visitor(stack.base());
    }

    @Test
    @DisplayName("C1 C2 the cookie is HttpOnly, Lax, for the whole site and small; its removal has the same attributes")
    void cookieIsAsPromised() {
        Answer answer = visitor.get(
                visitor.signInUpToCallback("alice", "/users/profile").toString(), Visitor.NAVIGATION);
        String set = answer.setCookie(Site.COOKIE).orElseThrow(() -> new AssertionError(answer));

        assertThat(set).matches(Site.COOKIE + "=s%3A[A-Za-z0-9_-]{43}\\.[A-Za-z0-9%]+;.*");
        assertAttributes(set);
        assertThat(set).doesNotContainIgnoringCase("max-age");
        assertThat(set.split(";")[0].getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(200);
        assertThat(SignedCookie.macOf(visitor.sso()))
                .isEqualTo(SignedCookie.mac(
                        SignedCookie.idOf(visitor.sso()), stack.secrets().cookieSecret()));
        assertThat(visitor.cookies().names()).noneMatch(name -> name.startsWith("q_session"));

        String removal = visitor.signOff("users").setCookie(Site.COOKIE).orElseThrow();
        assertThat(removal).startsWith(Site.COOKIE + "=;");
        assertAttributes(removal);
        assertThat(removal).containsAnyOf("Max-Age=0", "01 Jan 1970");
    }

    @Test
    @DisplayName("I4 an unfinished or finished sign-in leaves less than 4 KB of cookies")
    void cookiesStaySmall() {
        for (int i = 0; i < 20; i++) {
            visitor.get("/users/profile?try=" + i, Visitor.SCRIPT);
            visitor.get("/projects/?try=" + i, Visitor.SCRIPT);
        }
        assertThat(visitor.cookies().names()).isEmpty();
        visitor.signIn("alice", "/users/profile");
        assertThat(visitor.cookies()
                        .header(java.net.URI.create(stack.base() + "/users/auth/keycloak/callback"))
                        .orElseThrow())
                .hasSizeLessThan(4096);
    }

    @Test
    @DisplayName(
            "C3 a forged, truncated, doubled, oversized or oddly encoded cookie: anonymous and not one Redis command")
    void forgedCookieCostsNoRedisCommand() {
        visitor.signIn("alice", "/users/profile");
        Map<String, String> forgeries = forgeries(visitor.sso());

        try (RedisWatch watch = stack.redis().watch()) {
            await("the sign-in's last words")
                    .atMost(Duration.ofSeconds(30))
                    .during(Duration.ofSeconds(3))
                    .until(() -> RedisProbe.aboutSessions(watch.commands()).size(), new Settles());
            int before = RedisProbe.aboutSessions(watch.commands()).size();
            long reads = stack.redis().reads();

            forgeries.forEach((kind, cookie) -> {
                assertAnonymous(kind, "/users/api/me", cookie);
                for (Instance instance : stack.instances()) {
                    assertAnonymous(kind, instance.whoAmI(), cookie);
                }
            });

            List<String> asked = RedisProbe.aboutSessions(watch.commands());
            assertThat(asked.subList(before, asked.size())).isEmpty();
            assertThat(stack.redis().reads())
                    .as("by the count that Redis keeps")
                    .isEqualTo(reads);

            // The control: what is signed does cost one, so the watch would have seen the others.
            String unknown = SignedCookie.freshId();
            assertAnonymous(
                    "signed, unknown",
                    "/users/api/me",
                    Site.COOKIE + "=" + SignedCookie.of(unknown, stack.secrets().cookieSecret()));
            assertThat(watch.commands()).anyMatch(line -> line.contains(unknown));
            assertThat(stack.redis().reads()).isGreaterThan(reads);
        }
        Everywhere.assertKnown(stack, visitor);
    }

    @Test
    @DisplayName("C5 of two cookies of the name the first counts")
    void firstCookieCounts() {
        visitor.signIn("alice", "/users/profile");
        String good = Site.COOKIE + "=" + visitor.sso();
        String bad = Site.COOKIE + "=" + SignedCookie.of(SignedCookie.freshId(), "x".repeat(40));
        Visitor raw = new Visitor(stack.base());

        for (Instance instance : stack.instances()) {
            assertThat(raw.get(instance.whoAmI(), "Cookie", good + "; " + bad).status())
                    .isEqualTo(200);
            assertThat(raw.get(instance.whoAmI(), "Cookie", bad + "; " + good).status())
                    .isEqualTo(401);
        }
    }

    @Test
    @DisplayName("L6 anonymous visitors, bots and unfinished sign-ins create nothing in Redis")
    void anonymousVisitorsCreateNothing() {
        Set<String> before = stack.redis().sessionKeys();

        for (int i = 0; i < 30; i++) {
            Visitor bot = new Visitor(stack.base());
            for (String page : PAGES) {
                assertThat(bot.get(page, "User-Agent", "bot/" + i).status()).isLessThan(500);
            }
            assertThat(bot.get("/users/auth/keycloak", Visitor.NAVIGATION).isRedirect())
                    .isTrue();
            bot.get("/users/auth/keycloak/callback?code=none&state=none", Visitor.NAVIGATION);
            bot.get("/wp-login.php", "User-Agent", "bot/" + i);
        }
        assertThat(new Visitor(stack.base()).open("/projects/").asksForPassword())
                .isTrue();

        Set<String> created = stack.redis().sessionKeys();
        created.removeAll(before);
        assertThat(created).isEmpty();
    }

    private static Map<String, String> forgeries(String genuine) {
        String id = SignedCookie.idOf(genuine);
        String mac = SignedCookie.macOf(genuine);
        String foreign = SignedCookie.mac(id, "a secret of somebody else, long enough");
        Map<String, String> forgeries = new LinkedHashMap<>();
        forgeries.put("another id", sso("s:" + SignedCookie.freshId() + "." + mac));
        forgeries.put("another secret", sso("s:" + id + "." + foreign));
        forgeries.put("one character less", sso("s:" + id + "." + mac.substring(0, 42)));
        forgeries.put("one character more", sso("s:" + id + "." + mac + "A"));
        forgeries.put("padding", sso("s:" + id + "." + mac + "="));
        forgeries.put("slack bits", sso("s:" + id + "." + mac.substring(0, 42) + slack(mac.charAt(42))));
        forgeries.put("no signature", sso("s:" + id));
        forgeries.put("an empty signature", sso("s:" + id + "."));
        forgeries.put("an empty id", sso("s:." + mac));
        forgeries.put("only dots", sso("s:......"));
        forgeries.put("not marked as signed", sso(id + "." + mac));
        forgeries.put("marked in upper case", sso("S:" + id + "." + mac));
        forgeries.put("twice encoded", sso(SignedCookie.encoded("s:" + id + "." + mac)));
        forgeries.put("half an escape", Site.COOKIE + "=" + genuine + "%");
        forgeries.put("no escape at all", Site.COOKIE + "=%zz" + genuine);
        forgeries.put("broken UTF-8", Site.COOKIE + "=%ff%fe%c0%80");
        forgeries.put("a NUL", Site.COOKIE + "=s%3A" + id + "%00." + SignedCookie.encoded(mac));
        forgeries.put("a line break", Site.COOKIE + "=s%3A" + id + "%0d%0a." + SignedCookie.encoded(mac));
        forgeries.put("nothing", Site.COOKIE + "=");
        forgeries.put("not even an equals sign", Site.COOKIE);
        forgeries.put("empty quotes", Site.COOKIE + "=\"\"");
        forgeries.put(
                "doubled, the forged one first", sso("s:" + id + "." + foreign) + "; " + Site.COOKIE + "=" + genuine);
        forgeries.put("oversized", Site.COOKIE + "=s%3A" + "A".repeat(6000));
        forgeries.put("oversized, with dots", Site.COOKIE + "=s%3A" + "a.".repeat(3000));
        forgeries.put(
                "another name",
                "SSO=" + genuine + "; connect.sid=" + genuine + (Site.TLS ? "; sso=" : "; __Host-sso=") + genuine);
        return forgeries;
    }

    private static String sso(String value) {
        return Site.COOKIE + "=" + SignedCookie.encoded(value);
    }

    /** Another character with the same four significant bits: 32 bytes leave two bits of the last one unused. */
    private static char slack(char last) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        return alphabet.charAt(alphabet.indexOf(last) ^ 1);
    }

    private void assertAnonymous(String kind, String where, String cookie) {
        Answer answer = new Visitor(stack.base()).get(where, "Cookie", cookie);
        assertThat(answer.status()).as("%s at %s: %s", kind, where, answer).isEqualTo(401);
    }

    private void assertAttributes(String setCookie) {
        List<String> attributes = List.of(setCookie.toLowerCase(Locale.ROOT).split("; ?"));
        assertThat(attributes)
                .contains("httponly", "path=/", "samesite=lax")
                .noneMatch(attribute -> attribute.startsWith("domain"));
        assertThat(attributes.contains("secure")).as("Secure").isEqualTo(Site.TLS);
    }

    /** True of a number that is the same as it was at the last look. */
    private static final class Settles implements Predicate<Integer> {

        private Integer last;

        @Override
        public boolean test(Integer actual) {
            boolean same = actual.equals(last);
            last = actual;
            return same;
        }
    }
}
