package org.acme.session.internal.auth;

import static org.acme.session.notes.Browser.BARE;
import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.post;
import static org.acme.session.notes.Browser.send;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.acme.session.contract.Identity;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.notes.FakeProvider;
import org.acme.session.notes.NotesResource;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class RequestsTest {

    @Test
    @DisplayName("whoever asks for a kind of answer that is not there is told so")
    void wrongKindsAreTold() {
        HttpResponse<String> answer = get("auth/session", TestSessions.cookieOf("alice"), "Accept", "image/png");
        assertEquals(406, answer.statusCode());
        assertEquals("application/problem+json", header(answer, "Content-Type"));
        assertEquals("Not acceptable", new JsonObject(answer.body()).getString("title"));
    }

    // Strangers

    @ParameterizedTest
    @ValueSource(strings = {"page", "api/token", "admin"})
    @DisplayName(
            "I5: a script without a session gets 401, a problem document that says where to sign in, and no cookie")
    void scriptsAreTold(String path) {
        HttpResponse<String> answer = get(path, null, SCRIPT);
        assertEquals(401, answer.statusCode());
        assertEquals("application/problem+json", header(answer, "Content-Type"));
        assertTrue(header(answer, "WWW-Authenticate").startsWith("Bearer"));
        assertEquals("no-store", header(answer, "Cache-Control"));
        assertEquals(List.of(), setCookies(answer));
        JsonObject problem = new JsonObject(answer.body());
        assertEquals(401, problem.getInteger("status"));
        assertEquals("http://localhost:8081/notes/auth/sign-in", problem.getString("sign_in"));
    }

    @Test
    @DisplayName("I5: an api is for scripts, even when a browser navigates to it")
    void apisNeverRedirect() {
        assertEquals(401, get("api/token", null, NAVIGATION).statusCode());
        assertEquals(401, get("page", null, BARE).statusCode());
    }

    @Test
    @DisplayName("E7: a form of somebody whose session is over is answered with a page, not sent away")
    void formsAreNotSentAway() {
        HttpResponse<String> answer = post("write", null, NAVIGATION);
        assertEquals(401, answer.statusCode());
        assertTrue(header(answer, "Content-Type").startsWith("text/html"));
        assertTrue(answer.body().contains("was not saved"));
        assertTrue(answer.body().contains("href=\"http://localhost:8081/notes/auth/sign-in\""));
        assertEquals(List.of(), setCookies(answer));
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:8081/notes/7/edit?x=1, ?return=%2Fnotes%2F7%2Fedit%3Fx%3D1",
        "http://localhost:8081//evil.example/, ''",
        "https://evil.example/notes/, ''",
        "http://localhost:8081.evil.example/, ''"
    })
    @DisplayName("E7, I6: who signs in again for a form is sent back to its page, on this site only")
    void signingInAgainLeadsBackToTheForm(String page, String back) {
        String[] form =
                Stream.concat(Stream.of(NAVIGATION), Stream.of("Referer", page)).toArray(String[]::new);
        assertTrue(post("write", null, form)
                .body()
                .contains("href=\"http://localhost:8081/notes/auth/sign-in" + back + "\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"page", "auth/keycloak"})
    @DisplayName("O4: a navigation with the provider away gets a calm page and no cookie")
    void aProviderThatIsAwayIsSaid(String path) {
        HttpResponse<String> answer = get(path, null, NAVIGATION);
        assertEquals(503, answer.statusCode());
        assertEquals("2", header(answer, "Retry-After"));
        assertTrue(header(answer, "Content-Type").startsWith("text/html"));
        assertTrue(answer.body().contains("Signing in is not possible just now"));
        assertFalse(answer.body().contains("Exception"));
        assertEquals(List.of(), setCookies(answer));
    }

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

    // Who is signed in

    @Test
    @DisplayName("a session cookie is an identity: principal, roles, access token, session")
    void aCookieIsAnIdentity() {
        SessionRecord alice = TestSessions.sessionOf("alice", "user", "admin");
        String cookie = TestSessions.cookieOf(alice);
        assertEquals("alice [admin, user]", get("page", cookie, BARE).body());
        assertEquals("alice", get("open", cookie, BARE).body());
        assertEquals(alice.tokens().access(), get("api/token", cookie, SCRIPT).body());
        assertEquals("admins only", get("admin", cookie, SCRIPT).body());
        assertEquals(
                TestSessions.ISSUER + " subject-of-alice " + alice.id().fingerprint(),
                get("api/session", cookie, SCRIPT).body());
        assertEquals("nobody", get("open", null, BARE).body());
        assertEquals("none", get("api/session", null, SCRIPT).body());
    }

    @Test
    @DisplayName("C1, L6: a session in use is no reason for a Set-Cookie")
    void usingASessionSetsNoCookie() {
        assertEquals(List.of(), setCookies(get("page", TestSessions.cookieOf("alice"), NAVIGATION)));
    }

    @Test
    @DisplayName("I12: signed in without the role is a 403, as a page or a problem, and no redirect")
    void signedInWithoutTheRole() {
        String cookie = TestSessions.cookieOf("bob", "user");
        HttpResponse<String> page = get("admin", cookie, NAVIGATION);
        assertEquals(403, page.statusCode());
        assertTrue(page.body().contains("Access denied"));
        HttpResponse<String> problem = get("admin", cookie, SCRIPT);
        assertEquals(403, problem.statusCode());
        assertEquals("application/problem+json", header(problem, "Content-Type"));
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

    @Test
    @DisplayName("L8: a service keeps attributes in the session, each session its own")
    void attributesAreTheSessions() {
        String cookie = TestSessions.cookieOf("alice");
        assertEquals("none", get("attributes/draft", cookie, BARE).body());
        assertEquals(
                204, send("PUT", "attributes/draft", cookie, "Ünsent", SCRIPT).statusCode());
        assertEquals("Ünsent", get("attributes/draft", cookie, BARE).body());
        assertEquals(
                "none",
                get("attributes/draft", TestSessions.cookieOf("alice"), BARE).body());
        assertEquals(204, send("DELETE", "attributes/draft", cookie, "", SCRIPT).statusCode());
        assertEquals("none", get("attributes/draft", cookie, BARE).body());
    }

    // Cookies

    @Test
    @DisplayName(
            "C3, L6: forged, cut, doubled, oversized and odd cookies are strangers, and Redis hears nothing of them")
    void forgedCookiesCostNothing() {
        SessionRecord alice = TestSessions.sessionOf("alice");
        String good = TestSessions.cookieOf(alice);
        List<String> cookies = List.of(
                good + "A",
                good.substring(0, good.length() - 1),
                good.replace("sso=s%3A", "sso=S%3A"),
                good.replace("sso=", "SSO="),
                good.replace("sso=", "__Host-sso="),
                good.substring(0, good.lastIndexOf('.') + 1),
                good.replace(
                        "%3A" + alice.id().value(), "%3A" + SessionId.random().value()),
                "sso=planted; " + good,
                "sso=; " + good,
                "sso=%",
                "sso=%00",
                "sso=" + "A".repeat(6000),
                "sso=s%3A" + alice.id().value(),
                "connect.sid=" + good.substring("sso=".length()));
        String uri = ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class);
        try (RedisConnection monitor = new RedisConnection(uri);
                RedisConnection marker = new RedisConnection(uri)) {
            monitor.send("MONITOR");
            for (String cookie : cookies) {
                assertEquals("nobody", get("open", cookie, BARE).body(), cookie);
                assertEquals(401, get("page", cookie, SCRIPT).statusCode(), cookie);
            }
            marker.send("ECHO", "the-forged-end");
            List<String> forged = commandsUntil("the-forged-end", monitor);
            assertEquals("alice", get("open", good, BARE).body());
            marker.send("ECHO", "the-good-end");
            List<String> real = commandsUntil("the-good-end", monitor);

            assertTrue(forged.stream().allMatch(RequestsTest::isASecondLook), forged.toString());
            assertTrue(
                    forged.stream()
                            .noneMatch(command -> command.contains(alice.id().value())),
                    forged.toString());
            assertEquals(
                    1,
                    real.stream()
                            .filter(command -> command.contains(alice.id().value()))
                            .count());
        }
    }

    /** The ender of a session in another test looks at it again two seconds later. */
    private static boolean isASecondLook(String command) {
        return command.contains("\"EVALSHA\"") && command.contains("\"-1\" \"v\" \"provider\"");
    }

    private static List<String> commandsUntil(String marker, RedisConnection monitor) {
        List<String> commands = new ArrayList<>();
        for (String line = monitor.next(); !line.contains(marker); line = monitor.next()) {
            // What a script runs is part of the one command that runs the script.
            if (!line.contains(" lua] ")) {
                commands.add(line);
            }
        }
        return commands;
    }

    @Test
    @DisplayName("L1: a well-signed cookie of a session that never was is a stranger's, and is not adopted")
    void unknownIdsAreNotAdopted() {
        SessionRecord never = TestSessions.sessionOf("mallory");
        String cookie = new TestSessions(settings()).cookieOf(never.id());
        HttpResponse<String> answer = get("page", cookie, SCRIPT);
        assertEquals(401, answer.statusCode());
        assertEquals(List.of(), setCookies(answer));
        try (RedisConnection redis = new RedisConnection(settings().get("quarkus.redis.hosts"))) {
            assertEquals(List.of(), redis.texts("KEYS", "*" + never.id().value() + "*"));
        }
    }

    private static java.util.Map<String, String> settings() {
        java.util.Map<String, String> settings = new java.util.HashMap<>();
        for (String name :
                List.of("quarkus.redis.hosts", "sso.base-url", "sso.cookie.secrets", "sso.encryption.keys")) {
            settings.put(name, ConfigProvider.getConfig().getValue(name, String.class));
        }
        return settings;
    }

    // Writes

    @Test
    @DisplayName("F29 E4: a person whose form is refused reads why and has a way on; a script gets a problem document")
    void aPersonsFormIsRefusedWithWords() {
        String cookie = TestSessions.cookieOf("alice");
        String[] browser = {"Accept", "text/html", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"};
        String[] oldBrowser = {"Accept", "text/html,*/*;q=0.8"};
        for (String[] headers : new String[][] {
            with(browser, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.test"),
            with(browser, "Sec-Fetch-Site", "cross-site", "Origin", "null"),
            with(browser, "Sec-Fetch-Site", "none"),
            with(browser),
            with(oldBrowser, "Origin", "null"),
            with(oldBrowser)
        }) {
            int before = NotesResource.WRITES.get();
            HttpResponse<String> page = post("write", cookie, headers);
            assertEquals(403, page.statusCode());
            assertTrue(header(page, "Content-Type").startsWith("text/html"), header(page, "Content-Type"));
            assertTrue(page.body().contains("go back"), page.body());
            assertTrue(page.body().contains("href=\"/notes/\""), page.body());
            assertEquals("no-store", header(page, "Cache-Control"));
            assertEquals(List.of(), setCookies(page));
            assertEquals(before, NotesResource.WRITES.get());
            assertEquals(
                    "application/problem+json",
                    header(post("api/write", cookie, headers), "Content-Type"),
                    "what is for scripts answers scripts");
        }
    }

    private static String[] with(String[] headers, String... more) {
        return Stream.concat(Stream.of(headers), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    @DisplayName("E4: a write with a session comes from this site, or nothing runs; neither header: refused")
    void writesComeFromThisSite() {
        String cookie = TestSessions.cookieOf("alice");
        for (String[] headers : new String[][] {
            {"Sec-Fetch-Site", "cross-site"},
            {"Sec-Fetch-Site", "same-site"},
            {"Sec-Fetch-Site", "none"},
            {"Sec-Fetch-Site", "cross-site", "Origin", "http://localhost:8081"},
            {"Origin", "http://evil.test"},
            {"Origin", "null"},
            {"Origin", "http://localhost:8082"},
            {"Referer", "http://localhost:8081/notes/"},
            BARE
        }) {
            for (String path : List.of("write", "open-write", "leave", "auth/sign-off")) {
                int before = NotesResource.WRITES.get();
                HttpResponse<String> answer = post(path, cookie, headers);
                assertEquals(403, answer.statusCode(), path + " " + List.of(headers));
                assertEquals("application/problem+json", header(answer, "Content-Type"));
                assertEquals(List.of(), setCookies(answer));
                assertEquals(before, NotesResource.WRITES.get());
            }
        }
        int before = NotesResource.WRITES.get();
        assertEquals(200, post("write", cookie, "Sec-Fetch-Site", "same-origin").statusCode());
        assertEquals(
                200, post("write", cookie, "Origin", "http://localhost:8081").statusCode());
        assertEquals(before + 2, NotesResource.WRITES.get());
    }

    @Test
    @DisplayName("E4: without a session cookie there is nothing to abuse")
    void strangersMayWriteWhereAllMay() {
        assertEquals(
                200, post("open-write", null, "Sec-Fetch-Site", "cross-site").statusCode());
        assertEquals(200, post("open-write", "sso=forged", BARE).statusCode());
    }

    @AfterEach
    void everyKeyHasATimeToLive() {
        String uri = ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class);
        try (RedisConnection redis = new RedisConnection(uri)) {
            assertEquals(List.of(), redis.keysWithoutTimeToLive(), "L5");
        }
    }
}
