package org.acme.session.internal.auth;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.post;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.acme.session.contract.Identity;
import org.acme.session.contract.SessionRecord;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Where a sign-in begins: at which provider, and with which way back. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class SignInStartTest {

    @Test
    @DisplayName("I11, I7: auth/<provider> goes to that provider, with PKCE, nonce and the registered redirect URI")
    void aSignInGoesToTheProviderThatWasNamed() {
        HttpResponse<String> answer = get("auth/other", null, NAVIGATION);
        assertEquals(302, answer.statusCode());
        String location = header(answer, "Location");
        String provider = ConfigProvider.getConfig().getValue("sso.providers.other.url", String.class);
        assertTrue(location.startsWith(provider + "/authorize?"), location);
        for (String part : List.of(
                "code_challenge_method=S256",
                "nonce=",
                "response_type=code",
                "redirect_uri=http%3A%2F%2Flocalhost%3A8081%2Fnotes%2Fauth%2Fother%2Fcallback")) {
            assertTrue(location.contains(part), part + " is not in " + location);
        }
        assertEquals(1, setCookies(answer).size(), () -> setCookies(answer).toString());
        String binding = setCookies(answer).get(0);
        assertTrue(binding.startsWith("sso-in-"), binding);
        assertTrue(binding.endsWith("; Max-Age=3600; Path=/; HttpOnly; SameSite=Lax"), binding);
    }

    @Test
    @DisplayName(
            "I4 I13: however many cookies of sign-ins a browser brings, the answer's headers fit through a proxy (F22)")
    void manySignInsUnderWay() {
        String cookies = IntStream.range(0, 600)
                .mapToObj(i -> "sso-in-old%03d=%d.x".formatted(i, 100 + i))
                .collect(Collectors.joining("; "));
        HttpResponse<String> answer = get("auth/other?" + "q".repeat(300), cookies, NAVIGATION);
        assertEquals(302, answer.statusCode());
        List<String> gone = setCookies(answer).stream()
                .filter(cookie -> cookie.contains("; Max-Age=0; "))
                .map(cookie -> cookie.replaceFirst("=.*", ""))
                .toList();
        assertEquals(
                IntStream.range(0, 15).mapToObj("sso-in-old%03d"::formatted).toList(), gone);
    }

    @Test
    @DisplayName(
            "I11 I6 with more than one provider the sign-in link leads to a choice, which keeps the page asked for")
    void aPersonChooses() {
        HttpResponse<String> answer = get("auth/sign-in?return=/notes/page%3Fx%3D1%26y", null, NAVIGATION);
        assertEquals(200, answer.statusCode());
        for (String provider : List.of("keycloak", "other")) {
            assertTrue(
                    answer.body().contains("href=\"/notes/auth/" + provider + "?return=%2Fnotes%2Fpage%3Fx%3D1%26y\""),
                    answer.body());
        }
        assertEquals(List.of(), setCookies(answer));
        assertTrue(
                get("auth/sign-in?return=//evil.test", null, NAVIGATION).body().contains("?return=%2Fnotes%2F\""));
    }

    @Test
    @DisplayName("I11 who comes back after the end of a session signs in where that was, not at the default provider")
    void backToTheSameProvider() {
        SessionRecord alice = TestSessions.sessionOf("alice", "user");
        Identity who = alice.identity();
        String cookie = TestSessions.cookieOf(SessionRecord.begin(
                alice.id(),
                new Identity(
                        "other", who.issuer(), who.subject(), Optional.empty(), who.name(), who.roles(), who.profile()),
                alice.createdAt(),
                alice.until(),
                "a test",
                alice.tokens()));
        assertEquals(303, post("auth/sign-off", cookie, NAVIGATION).statusCode());
        HttpResponse<String> answer = get("page", cookie, NAVIGATION);
        assertEquals(302, answer.statusCode(), answer.body());
        assertTrue(header(answer, "Location").contains("/authorize?"), header(answer, "Location"));
    }

    @Test
    void anUnknownProviderIsNotFound() {
        assertEquals(404, get("auth/unknown", null, NAVIGATION).statusCode());
        assertEquals(404, get("auth/unknown", null, SCRIPT).statusCode());
        assertEquals(
                404,
                get("auth/unknown", TestSessions.cookieOf("alice"), NAVIGATION).statusCode());
        assertEquals(
                404,
                get("auth/unknown/callback?state=x&code=y", null, NAVIGATION).statusCode());
    }

    @Test
    @DisplayName("I6: who is signed in already goes on from auth/<provider>, on this site only")
    void whoIsSignedInGoesOn() {
        String cookie = TestSessions.cookieOf("alice");
        assertEquals("/notes/page?x=1", location("auth/keycloak?return=/notes/page%3Fx=1", cookie));
        assertEquals("/notes/page", location("auth/sign-in?return=/notes/page", cookie));
        assertEquals("/notes/", location("auth/keycloak", cookie));
        for (String evil : List.of("//evil.test", "https:evil.test", "/%255cevil.test", "/%5Cevil.test", "%0d%0aX:y")) {
            assertEquals("/notes/", location("auth/keycloak?return=" + evil, cookie), evil);
        }
    }

    private static String location(String path, String cookie) {
        HttpResponse<String> answer = get(path, cookie, NAVIGATION);
        assertEquals(303, answer.statusCode());
        return header(answer, "Location").replaceFirst("^http://localhost:\\d+", "");
    }
}
