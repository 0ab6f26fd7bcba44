package org.acme.session.internal.auth;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A link survives a sign-in, whatever it looks like, and however many of them there are. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class SignInLinksTest {

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    /** Characters drawn by lot, which no compression makes shorter. */
    private static String query(int length, int seed) {
        return new Random(seed)
                .ints(length, 0, LETTERS.length())
                .mapToObj(at -> String.valueOf(LETTERS.charAt(at)))
                .collect(Collectors.joining());
    }

    private static BegunSignIn begin(String link, List<String> jar) {
        return BegunSignIn.of(get(link, BegunSignIn.sent(jar, "/notes/" + link), NAVIGATION));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 150, 1200, 2800, 4090, 8192, 10_500})
    @DisplayName("I13 F21: a link of any length that nginx passes survives a sign-in, to the letter")
    void aLongLink(int length) {
        String link = "auth/other?q=" + query(length, length);
        BegunSignIn begun = begin(link, List.of());
        begun.cookies().forEach(cookie -> assertTrue(cookie.length() < 4096, "a browser keeps it"));
        assertTrue(
                begun.state().length() < 1000, "the state has " + begun.state().length() + " characters");
        assertEquals("/notes/" + link, begun.end());
    }

    @ParameterizedTest
    @ValueSource(strings = {"%D0%B0", "filter[]=name&", "0123456789abcdef"})
    @DisplayName("I13 F21: links of 16 KB as there are: their letters repeat, so there is room for them")
    void aVeryLongLink(String part) {
        String link = "auth/other?q=" + query(3000, 1) + part.repeat(13_000 / part.length());
        BegunSignIn begun = RawRequest.begin("/notes/" + link);
        assertEquals("/notes/" + link, begun.end());
    }

    @Test
    @DisplayName("I13 F21: a link that no cookies can hold loses its query, and the page says so")
    void aLinkThatIsTooLong() {
        BegunSignIn begun = begin("auth/other?q=" + query(16_000, 1), List.of());
        HttpResponse<String> signedIn = get(begun.goodCallback(), begun.sentToCallback(), NAVIGATION);
        String resume = BegunSignIn.location(signedIn);
        HttpResponse<String> landed =
                get(resume.substring("/notes/".length()), begun.resumeCookies(signedIn, resume), NAVIGATION);
        assertEquals(200, landed.statusCode());
        assertTrue(landed.body().contains("too long") && landed.body().contains("href=\"/notes/auth/other\""));
    }

    @Test
    @DisplayName("I2 I4 I13 F22: forty tabs on links of 8 KB, opened one after the other, each end on their own")
    void fortyTabs() {
        List<String> jar = new ArrayList<>();
        List<BegunSignIn> tabs = new ArrayList<>();
        for (int tab = 0; tab < 40; tab++) {
            BegunSignIn begun = begin("auth/other?q=" + query(8192, tab), jar);
            jar.addAll(begun.cookies());
            tabs.add(begun);
        }
        assertTrue(BegunSignIn.sent(jar, "/notes/").length() < 4096, "the Cookie header of every request");
        assertTrue(jar.size() < 180, "browsers keep " + jar.size() + " cookies of one site");
        for (int tab = 0; tab < 40; tab++) {
            BegunSignIn withAllCookies = new BegunSignIn(tabs.get(tab).location(), jar);
            assertEquals("/notes/auth/other?q=" + query(8192, tab), withAllCookies.end());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {150, 1200})
    @DisplayName("I2 F22: ten tabs opened at the same moment do not take anything from each other")
    void atTheSameMoment(int length) {
        List<BegunSignIn> tabs = IntStream.range(0, 10)
                .mapToObj(tab -> begin("auth/other?q=" + query(length, tab), List.of()))
                .toList();
        List<String> jar = tabs.stream().flatMap(tab -> tab.cookies().stream()).toList();
        for (int tab = 0; tab < 10; tab++) {
            assertEquals(
                    "/notes/auth/other?q=" + query(length, tab),
                    new BegunSignIn(tabs.get(tab).location(), jar).end());
        }
    }

    @Test
    @DisplayName("I4 F22: of very many sign-ins under way the oldest are dropped: the Cookie header stays under 4 KB")
    void theOldestAreDropped() {
        List<String> jar = new ArrayList<>();
        for (int tab = 0; tab < 70; tab++) {
            jar.addAll(begin("auth/other?tab=" + tab, jar).cookies());
        }
        String sent = BegunSignIn.sent(jar, "/notes/");
        assertEquals(50, sent.split("; ").length, sent);
        assertTrue(sent.length() < 4096, sent.length() + " bytes");
    }

    @Test
    @DisplayName("I3 I13: who reloads a callback, or goes on twice, comes to a long link again")
    void goingOnTwice() {
        String link = "/notes/auth/other?q=" + query(1200, 1);
        BegunSignIn begun = begin(link.substring("/notes/".length()), List.of());
        HttpResponse<String> signedIn = get(begun.goodCallback(), begun.sentToCallback(), NAVIGATION);
        String resume = BegunSignIn.location(signedIn);
        String cookies = begun.resumeCookies(signedIn, resume);
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> landed = get(resume.substring("/notes/".length()), cookies, NAVIGATION);
            assertEquals(link, BegunSignIn.location(landed));
            assertEquals(List.of(), setCookies(landed));
        }
        assertEquals(resume, BegunSignIn.location(get(begun.goodCallback(), cookies, NAVIGATION)));
    }

    @Test
    @DisplayName("I3 I13: a link that the browser did not keep is said so, and is no error")
    void aLostLink() {
        BegunSignIn begun = begin("auth/other?q=" + query(300, 1), List.of());
        HttpResponse<String> signedIn = get(begun.goodCallback(), begun.sentToCallback(), NAVIGATION);
        String resume = BegunSignIn.location(signedIn);
        HttpResponse<String> landed =
                get(resume.substring("/notes/".length()), BegunSignIn.sent(setCookies(signedIn), resume), NAVIGATION);
        assertEquals(200, landed.statusCode());
        assertTrue(landed.body().contains("Your page is not known any more"), landed.body());
        assertTrue(landed.body().contains("href=\"/notes/\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auth/resume/x", "auth/resume/..%2f", "auth/resume/a;b", "auth/resume/%0d%0aSet-Cookie:x"})
    @DisplayName("I6 I13: an address to go on from, by hand, leads nowhere")
    void resumeByHand(String path) {
        HttpResponse<String> answer = get(path, "sso-link0=AAAA; sso-link1=" + "A".repeat(4000), NAVIGATION);
        assertTrue(answer.statusCode() == 200 || answer.statusCode() == 404, path + " " + answer.statusCode());
        assertFalse(header(answer, "Location").contains("evil"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "open?q={a}|b^c\\d&p=100%",
                "open?filter[name]=\"x\"&q=`<>`",
                "open?q=%zz&r=%4",
                "open?q=%",
                "open?q=caf\u00c3\u00a9"
            })
    @DisplayName("I13 F24: what browsers send unencoded in a query is a page's address like any other")
    void rawCharactersAreAPagesAddress(String link) {
        assertEquals("200 nobody", RawRequest.get("/notes/" + link, null));
        assertEquals("200 alice", RawRequest.get("/notes/" + link, TestSessions.cookieOf("alice")));
        assertEquals("200 x={y}|100%", RawRequest.get("/notes/echo?x={y}|100%&" + link.substring(5), null));
    }

    @ParameterizedTest
    @ValueSource(strings = {"open/a|b", "open/[1]", "open/{x}^`"})
    @DisplayName("I13 F24: and in a path")
    void rawCharactersInAPath(String path) {
        assertEquals("404", RawRequest.get("/notes/" + path, null).substring(0, 3));
    }

    @Test
    @DisplayName("I13 F24: a sign-in returns to a link of raw characters byte for byte")
    void rawCharactersComeBack() {
        String link = "/notes/auth/other?q={a}|b^c\\d&p=100%&r=[\"x\"]";
        BegunSignIn begun = RawRequest.begin(link);
        assertEquals(link, begun.end());
    }
}
