package org.acme.session.internal.auth;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A browser that holds another cookie named like ours, and sends it first (express-session#881). */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class CookieInTheWayTest {

    private static final String LINK = "auth/other?x=";

    /** A cookie header with that one first. */
    private static String with(String foreign, String ours) {
        return ours == null ? foreign : foreign + "; " + ours;
    }

    private static HttpResponse<String> signIn(BegunSignIn begun, String foreign) {
        HttpResponse<String> signedIn = get(begun.goodCallback(), with(foreign, begun.sentToCallback()), NAVIGATION);
        assertEquals(303, signedIn.statusCode(), signedIn.body());
        return signedIn;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sso=another-application", "sso=", "sso=s%3Aabcdefghijklmnopqrst.uvw"})
    @DisplayName("C5 law 11: a sign-in takes away the cookies of the session's name that are sent before the session's")
    void makesRoom(String foreign) {
        BegunSignIn begun = BegunSignIn.of(get(LINK + "room", foreign, NAVIGATION));
        List<String> cookies = setCookies(signIn(begun, foreign));
        for (String path : List.of("/notes", "/notes/")) {
            String gone = "sso=; Max-Age=0; Path=" + path + "; HttpOnly; SameSite=Lax";
            assertTrue(cookies.contains(gone), cookies::toString);
        }
        assertTrue(cookies.get(cookies.size() - 1).startsWith("sso=s%3A"), cookies::toString);
    }

    @Test
    @DisplayName("C5: whoever brings no such cookie gets one, and no other")
    void nothingInTheWay() {
        List<String> cookies = setCookies(signIn(BegunSignIn.of(get(LINK + "free", null, NAVIGATION)), "a=b"));
        assertEquals(
                1, cookies.stream().filter(cookie -> cookie.startsWith("sso=")).count(), cookies::toString);
    }

    @Test
    @DisplayName(
            "C5 law 11: a cookie that cannot be taken away ends in words, not in a loop, and keeps nobody from other"
                    + " links")
    void noLoop() {
        String foreign = "sso=of-a-deeper-path";
        List<String> jar = new ArrayList<>();
        for (int turn = 0; turn < 3; turn++) {
            BegunSignIn begun = BegunSignIn.of(again("loop", jar, foreign));
            jar.addAll(begun.cookies());
            jar.addAll(setCookies(signIn(new BegunSignIn(begun.location(), jar), foreign)));
        }
        HttpResponse<String> answer = again("loop", jar, foreign);
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("Another cookie is in the way"), answer.body());
        assertTrue(answer.body().contains("href=\"/notes/\""), answer.body());

        assertEquals(302, again("another-link", jar, foreign).statusCode());
        assertEquals(302, again("loop", jar, "a=b").statusCode(), "without that cookie");
        String ended = TestSessions.cookieOfNobody();
        assertEquals(302, again("loop", jar, ended).statusCode(), "with a cookie of ours, of a session that has ended");
    }

    /** The same link, with the traces of the sign-ins before. */
    private static HttpResponse<String> again(String link, List<String> jar, String first) {
        List<String> traces =
                jar.stream().filter(cookie -> cookie.startsWith("sso-in-")).toList();
        return get(LINK + link, with(first, BegunSignIn.sent(traces, "/notes/")), NAVIGATION);
    }
}
