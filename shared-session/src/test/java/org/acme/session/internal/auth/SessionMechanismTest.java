package org.acme.session.internal.auth;

import static org.acme.session.notes.Browser.BARE;
import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.send;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A session cookie is an identity, and nothing else that looks like one is. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class SessionMechanismTest {

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

            assertTrue(forged.stream().allMatch(SessionMechanismTest::isASecondLook), forged.toString());
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

    @AfterEach
    void everyKeyHasATimeToLive() {
        String uri = ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class);
        try (RedisConnection redis = new RedisConnection(uri)) {
            assertEquals(List.of(), redis.keysWithoutTimeToLive(), "L5");
        }
    }
}
