package org.acme.users.rest;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.util.List;
import java.util.UUID;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.acme.users.testing.SignedIn;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class SessionsPageTest {

    private static final String FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0";

    private final String alice = "alice-" + UUID.randomUUID();
    private final SessionRecord laptopSession = session(alice, FIREFOX, "user");
    private final SessionRecord phoneSession = session(alice, "", "user");
    private final String laptop = TestSessions.cookieOf(laptopSession);
    private final String phone = TestSessions.cookieOf(phoneSession);
    private final String admin = TestSessions.cookieOf("admin-" + UUID.randomUUID(), "admin");

    @Test
    @DisplayName("F27: the address of a form that failed leads back to its page, whoever asks for it again")
    void theAddressOfAFormIsAWayBack() {
        for (String form : List.of("end", "end-others", "end-all")) {
            SignedIn.as("alice", "user")
                    .get("/sessions/" + form)
                    .then()
                    .statusCode(303)
                    .header("Location", "/users/sessions");
        }
        for (String form : List.of("end", "end-all")) {
            SignedIn.as("root", "user", "admin")
                    .urlEncodingEnabled(false)
                    .get("/admin/sessions/b%2F%0Ab/" + form)
                    .then()
                    .statusCode(303)
                    .header("Location", "/users/admin/sessions/b%2F%0Ab");
        }
    }

    @Test
    @DisplayName("L7: users see their sessions with device, network, last activity and which one is theirs now")
    void usersSeeTheirSessions() {
        SignedIn.with(laptop)
                .get("/sessions")
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body(containsString("Firefox on Windows"))
                .body(containsString("192.0.2.0/24"))
                .body("**.findAll { it.@'data-testid' == 'session' }.size()", equalTo(2))
                .body("**.findAll { it.@'data-testid' == 'current' }.size()", equalTo(1));
    }

    @Test
    @DisplayName("L7: no page and no document shows a session id, a fingerprint of one included")
    void noIdIsShown() {
        for (String path : List.of("/sessions", "/api/sessions", "/api/sessions/users?q=" + alice)) {
            String shown = SignedIn.with(path.contains("users") ? admin : laptop)
                    .get(path)
                    .asString();
            for (SessionRecord session : List.of(laptopSession, phoneSession)) {
                assertTrue(!shown.contains(session.id().value()), path);
                assertTrue(!shown.contains(session.id().fingerprint()), path);
            }
        }
    }

    @Test
    @DisplayName("L7: each viewer gets other handles, and one viewer's are nothing to another")
    void handlesAreTheViewersOwn() {
        List<String> mine = handles(laptop);
        List<String> seenFromThePhone = handles(phone);
        assertEquals(2, mine.size());
        for (String handle : mine) {
            assertTrue(!seenFromThePhone.contains(handle));
            SignedIn.with(phone).delete("/api/sessions/" + handle).then().statusCode(404);
        }
        assertKnown(laptop);
        assertKnown(phone);
    }

    @Test
    @DisplayName("L7: users end one of their sessions, and nobody else's")
    void usersEndOne() {
        String bob = TestSessions.cookieOf("bob-" + alice, "user");
        SignedIn.with(bob)
                .formParam("handle", otherHandle(laptop))
                .post("/sessions/end")
                .then()
                .statusCode(303)
                .header("Location", equalTo("/users/sessions?done=gone"));
        assertKnown(phone);

        SignedIn.with(laptop)
                .formParam("handle", otherHandle(laptop))
                .post("/sessions/end")
                .then()
                .statusCode(303)
                .header("Location", equalTo("/users/sessions?done=ended"));
        assertUnknown(phone);
        assertKnown(laptop);
    }

    @Test
    @DisplayName("L7: users end all their other sessions, or all of them, their own cookie with it")
    void usersEndAllOthersOrAll() {
        String tablet = TestSessions.cookieOf(alice, "user");
        SignedIn.with(laptop)
                .delete("/api/sessions/others")
                .then()
                .statusCode(200)
                .body("ended", equalTo(2));
        assertKnown(laptop);
        assertUnknown(phone);
        assertUnknown(tablet);

        SignedIn.with(laptop)
                .post("/sessions/end-all")
                .then()
                .statusCode(303)
                .header("Location", equalTo("/users/auth/signed-off"))
                .header("Set-Cookie", startsWith("sso=; Max-Age=0"));
        assertUnknown(laptop);
    }

    @Test
    @DisplayName("L7, E4: a session is ended by a page of this site only")
    void otherSitesEndNothing() {
        given().header("Cookie", laptop)
                .header("Sec-Fetch-Site", "cross-site")
                .post("/sessions/end-all")
                .then()
                .statusCode(403);
        assertKnown(laptop);
    }

    @Test
    @DisplayName("L7: administrators find a user by name or subject, and end one or all of the user's sessions")
    void administratorsEndOthersSessions() {
        String key = SignedIn.with(admin)
                .get("/api/sessions/users?q=" + alice.toUpperCase(java.util.Locale.ROOT))
                .then()
                .statusCode(200)
                .body("", hasSize(1))
                .extract()
                .path("[0].key");
        SignedIn.with(admin)
                .get("/api/sessions/users?q=subject-of-" + alice)
                .then()
                .body("[0].key", equalTo(key));
        SignedIn.with(admin)
                .get("/admin/sessions/" + key)
                .then()
                .statusCode(200)
                .body("**.findAll { it.@'data-testid' == 'session' }.size()", equalTo(2));

        String handle = SignedIn.with(admin)
                .get("/api/sessions/users/" + key)
                .path("find { it.device == 'Firefox on Windows' }.handle");
        SignedIn.with(admin)
                .delete("/api/sessions/users/" + key + "/" + handle)
                .then()
                .statusCode(204);
        assertUnknown(laptop);
        assertKnown(phone);
        SignedIn.with(admin).post("/admin/sessions/" + key + "/end-all").then().statusCode(303);
        assertUnknown(phone);
        assertKnown(admin);
        String redis = ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class);
        try (RedisConnection marks = new RedisConnection(redis)) {
            long left =
                    marks.number("PTTL", Keys.endedUser(laptopSession.identity().userHash()));
            assertTrue(left > 0, "F5 S5: bearer tokens that were issued to the user until now are worthless");
        }
    }

    @Test
    @DisplayName("L7: whoever is no administrator finds nobody")
    void othersAdministerNothing() {
        for (String path :
                List.of("/admin/sessions?q=a", "/api/sessions/users?q=a", "/api/sessions/users/" + "a".repeat(64))) {
            SignedIn.with(laptop).get(path).then().statusCode(403);
        }
        SignedIn.with(laptop)
                .post("/admin/sessions/" + "a".repeat(64) + "/end-all")
                .then()
                .statusCode(403);
    }

    @Test
    @DisplayName("L7: a search matches what it says, not what a pattern would")
    void searchesAreNoPatterns() {
        for (String text : List.of("*", "[a-z]", "?", "", TestSessions.ISSUER, "nobody-" + alice)) {
            SignedIn.with(admin)
                    .queryParam("q", text)
                    .get("/api/sessions/users")
                    .then()
                    .statusCode(200)
                    .body("", hasSize(0));
        }
        SignedIn.with(admin)
                .get("/admin/sessions?q=<script>")
                .then()
                .statusCode(200)
                .body(not(containsString("<script>")));
    }

    private static SessionRecord session(String name, String device, String... roles) {
        SessionRecord plain = TestSessions.sessionOf(name, roles);
        return SessionRecord.begin(
                plain.id(), plain.identity(), plain.createdAt(), plain.until(), device, "192.0.2.0/24", plain.tokens());
    }

    private static List<String> handles(String cookie) {
        return SignedIn.with(cookie).get("/api/sessions").path("handle");
    }

    private static String otherHandle(String cookie) {
        String handle = SignedIn.with(cookie).get("/api/sessions").path("find { !it.current }.handle");
        assertNotEquals(null, handle);
        return handle;
    }

    private static void assertKnown(String cookie) {
        assertEquals(200, SignedIn.with(cookie).get("/sessions").statusCode());
    }

    private static void assertUnknown(String cookie) {
        SignedIn.with(cookie)
                .accept("application/json")
                .get("/api/sessions")
                .then()
                .statusCode(401);
    }
}
