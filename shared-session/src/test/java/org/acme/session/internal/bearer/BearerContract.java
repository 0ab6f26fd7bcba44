package org.acme.session.internal.bearer;

import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.setCookies;
import static org.acme.session.notes.TokenProvider.sign;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.jwt.build.JwtClaimsBuilder;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.acme.session.contract.Digests;
import org.acme.session.contract.Keys;
import org.acme.session.internal.store.SessionIndex;
import org.acme.session.notes.TokenProvider;
import org.acme.session.spi.InstanceCache;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds for bearer tokens whoever verifies them; each way of verifying extends it. */
abstract class BearerContract {

    TokenProvider provider;

    @Inject
    InstanceCache cache;

    @Inject
    SessionIndex index;

    @AfterEach
    void providerIsBack() {
        provider.away(false);
    }

    HttpResponse<String> ask(String path, String token) {
        return get(path, null, "Authorization", "Bearer " + token);
    }

    static void assertRefused(HttpResponse<String> answer, int status, String error) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(
                header(answer, "WWW-Authenticate").startsWith("Bearer error=\"" + error + "\""),
                header(answer, "WWW-Authenticate"));
        assertEquals("application/problem+json", header(answer, "Content-Type"));
        assertEquals(status, new JsonObject(answer.body()).getInteger("status"));
        assertEquals(List.of(), setCookies(answer));
        assertEquals("no-store", header(answer, "Cache-Control"));
    }

    @Test
    @DisplayName("A1 a good access token says whose it is")
    void goodTokenIsAccepted() {
        HttpResponse<String> answer = ask("api/whose", sign(provider.alice()));
        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals("alice subject-of-alice", answer.body());
        assertEquals(List.of(), setCookies(answer));
        assertEquals("none", ask("api/session", sign(provider.alice())).body());
    }

    @Test
    @DisplayName("A3 an access token by RFC 9068 says so in its header")
    void accessTokenTypeInTheHeader() {
        assertEquals(
                200,
                ask("api/whose", sign(provider.alice().remove("typ"), "ours", "at+jwt"))
                        .statusCode());
        assertEquals(
                200,
                ask("api/whose", sign(provider.alice().remove("typ"), "ours", "application/at+jwt"))
                        .statusCode());
    }

    @Test
    @DisplayName("A2 without a token, 401 and what is wanted, and no error code")
    void withoutToken() {
        for (String[] headers :
                new String[][] {SCRIPT, {"Authorization", "Basic YTpi"}, {"Authorization", "Bearers x"}}) {
            HttpResponse<String> answer = get("api/whose", null, headers);
            assertEquals(401, answer.statusCode());
            assertEquals("Bearer", header(answer, "WWW-Authenticate"));
            assertEquals("application/problem+json", header(answer, "Content-Type"));
        }
    }

    @Test
    @DisplayName("A2 what no token can be read from is 400 invalid_request, and asks the provider nothing")
    void malformed() {
        String good = sign(provider.alice());
        int before = provider.questions();
        for (String malformed :
                List.of("Bearer", "Bearer ", "bearer", "Bearer a b", "Bearer \"" + good + "\"", "Bearer ä")) {
            assertRefused(get("api/whose", null, "Authorization", malformed), 400, "invalid_request");
        }
        assertRefused(
                get("api/whose", null, "Authorization", "Bearer " + good, "Authorization", "Bearer " + good),
                400,
                "invalid_request");
        assertRefused(ask("api/whose?access_token=" + good, good), 400, "invalid_request");
        assertEquals(before, provider.questions());
    }

    @Test
    @DisplayName("A3 expired, for another audience, of another issuer, or of nobody: 401 invalid_token")
    void badTokensAreRefused() {
        for (JwtClaimsBuilder bad : List.of(
                provider.alice().expiresAt(Instant.now().minusSeconds(120)),
                provider.alice().audience("projects-service"),
                provider.alice().remove("aud"),
                provider.alice().remove("sub"))) {
            assertRefused(ask("api/whose", sign(bad)), 401, "invalid_token");
        }
        assertRefused(ask("api/whose", "not-a-jwt"), 401, "invalid_token");
        assertRefused(ask("api/whose", "a.b.c"), 401, "invalid_token");
    }

    @Test
    @DisplayName("A3 an ID token, a refresh token and a logout token are no access tokens, whatever their audience")
    void otherTokensAreRefused() {
        for (String type : List.of("ID", "Refresh", "Logout", "Offline")) {
            assertRefused(ask("api/whose", sign(provider.alice().claim("typ", type))), 401, "invalid_token");
        }
        assertRefused(ask("api/whose", sign(provider.alice().remove("typ"))), 401, "invalid_token");
        assertRefused(
                ask("api/whose", sign(provider.alice().remove("typ"), "ours", "logout+jwt")), 401, "invalid_token");
    }

    @Test
    @DisplayName("A1 a bad bearer beside a good cookie is 401, where all may come too")
    void nothingIsFallenThroughFrom() {
        String cookie = TestSessions.cookieOf("alice", "user");
        for (String path : List.of("api/whose", "api/session", "service")) {
            assertRefused(get(path, cookie, "Authorization", "Bearer bad"), 401, "invalid_token");
        }
        assertEquals(
                401,
                get("page", cookie, "Authorization", "Bearer " + sign(provider.alice()))
                        .statusCode());
    }

    @Test
    @DisplayName("A1 from service to service no cookie counts, however the path is written")
    void noCookieForServices() {
        String cookie = TestSessions.cookieOf("alice", "user", "notes-reader");
        for (String path : List.of("service", "service/notes", "service;x/notes", "service;x", "%73ervice/notes")) {
            HttpResponse<String> answer = get(path, cookie, SCRIPT);
            assertTrue(List.of(401, 404).contains(answer.statusCode()), path + ": " + answer.statusCode());
            assertFalse(answer.body().contains("for services"), path);
        }
        assertFalse(get("service", cookie, SCRIPT).body().contains("sign_in"));
        assertEquals("for services", ask("service", sign(provider.alice())).body());
    }

    @Test
    @DisplayName("A2 a scope or a role too few is 403 insufficient_scope; a session needs no scope")
    void scopesAndRoles() {
        assertEquals("notes", ask("api/notes", sign(provider.alice())).body());
        HttpResponse<String> noScope = ask("api/notes", sign(provider.alice().claim("scope", "openid notes:readers")));
        assertRefused(noScope, 403, "insufficient_scope");
        assertTrue(header(noScope, "WWW-Authenticate").endsWith("scope=\"notes:read\""));
        assertRefused(ask("api/notes", sign(provider.alice().remove("scope"))), 403, "insufficient_scope");
        assertRefused(ask("api/notes", sign(provider.alice().remove("realm_access"))), 403, "insufficient_scope");

        assertEquals(
                "notes",
                get("api/notes", TestSessions.cookieOf("alice", "user"), SCRIPT).body());
        assertEquals(
                403, get("api/notes", TestSessions.cookieOf("alice"), SCRIPT).statusCode());
    }

    @Test
    @DisplayName("A6 a service account is not a user; a user who calls themselves one is")
    void serviceAccountsAreNoUsers() {
        JwtClaimsBuilder keycloaks = provider.alice()
                .remove("sid")
                .claim("client_id", "projects")
                .claim("preferred_username", "service-account-projects")
                .claim("realm_access", Map.of("roles", List.of("notes-reader")));
        assertEquals("a service", ask("api/whose", sign(keycloaks)).body());
        assertEquals("notes for services", ask("service/notes", sign(keycloaks)).body());
        assertEquals(
                "a service",
                ask("api/whose", sign(provider.alice().subject("projects").claim("client_id", "projects")))
                        .body());
        assertEquals(
                "service-account-projects subject-of-alice",
                ask("api/whose", sign(provider.alice().claim("preferred_username", "service-account-projects")))
                        .body());
    }

    @Test
    @DisplayName(
            "F5 S5 B3 who is signed out as a whole: tokens of any provider session until then are refused, later ones good")
    void tokensOfAUserWhoIsSignedOut() {
        Instant now = Instant.now();
        String before = sign(provider.alice().issuedAt(now.minusSeconds(2)));
        String withoutSession = sign(provider.alice().remove("sid").issuedAt(now.minusSeconds(2)));
        String after = sign(provider.alice().issuedAt(now.plusSeconds(2)));
        assertEquals(200, ask("api/whose", before).statusCode());
        assertEquals(200, ask("api/whose", withoutSession).statusCode());
        JsonObject claims = new JsonObject(
                new String(Base64.getUrlDecoder().decode(before.split("\\.")[1]), StandardCharsets.UTF_8));
        index.markUserEnded(claims.getString("iss"), claims.getString("sub"))
                .await()
                .indefinitely();
        try {
            assertRefused(ask("api/whose", before), 401, "invalid_token");
            assertRefused(ask("api/whose", withoutSession), 401, "invalid_token");
            assertEquals(200, ask("api/whose", after).statusCode());
        } finally {
            try (RedisConnection redis =
                    new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class))) {
                redis.send("DEL", Keys.endedUser(claims.getString("iss"), claims.getString("sub")));
            }
        }
    }

    @Test
    @DisplayName("S5 A5 a token of a session that has ended is refused at once")
    void tokensOfEndedSessionsAreRefused() {
        String token = sign(provider.alice().claim("sid", "ends-now"));
        assertEquals(200, ask("api/whose", token).statusCode());

        String hash = Digests.sha256(provider.issuer(), "ends-now");
        index.markEnded(hash).await().indefinitely();

        assertRefused(ask("api/whose", token), 401, "invalid_token");
    }

    @Test
    @DisplayName("F44 A8: odd claims of a genuine token are taken or refused, and break nothing")
    void oddClaims() {
        assertEquals(
                "notes",
                ask("api/notes", sign(provider.alice().claim("scope", "notes:read notes:read openid")))
                        .body());
        assertEquals(
                "notes",
                ask("api/notes", sign(provider.alice().claim("scope", List.of("notes:read", "x"))))
                        .body());
        assertEquals(
                403, ask("api/notes", sign(provider.alice().claim("scope", 7))).statusCode());
        for (Object end : List.of(1_000_000_000_000_000_000L, Long.MAX_VALUE, -1L, 1e18)) {
            assertRefused(ask("api/whose", sign(provider.alice().claim("exp", end))), 401, "invalid_token");
        }
        assertEquals(
                200,
                ask("api/whose", sign(provider.alice().claim("auth_time", 1_000_000_000_000_000_000L)))
                        .statusCode());
        assertEquals(
                200,
                ask("api/whose", sign(provider.alice().claim("realm_access", Map.of("roles", List.of(7, "user")))))
                        .statusCode());
    }

    /** What the provider cannot be asked about: a token that it has not been asked about yet. */
    void assertUnverified(String token) {
        provider.away(true);
        HttpResponse<String> answer = ask("api/whose", token);
        assertEquals(503, answer.statusCode(), answer.body());
        assertEquals("2", header(answer, "Retry-After"));
        assertEquals("application/problem+json", header(answer, "Content-Type"));
        assertEquals("", header(answer, "WWW-Authenticate"));
        assertEquals(List.of(), setCookies(answer));
        provider.away(false);
    }
}
