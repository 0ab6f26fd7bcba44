package org.acme.session.internal.guests;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.notes.Browser;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.AuditLines;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that a stock Express guest began, where guests are trusted to. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
@TestProfile(AdoptionTest.WithGuests.class)
class AdoptionTest {

    /** With guests that are believed. */
    public static final class WithGuests implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("sso.guests.adopt", "true", "sso.session.touch-interval", "1ms");
        }
    }

    private static final String DAY = "86400";
    private static final long HOUR = 3_600_000;
    private static final long UNTIL = System.currentTimeMillis() + HOUR;

    private final SessionId id = SessionId.random();
    private RedisConnection redis;
    private String cookie;

    @BeforeEach
    void connect() {
        Map<String, String> settings = new java.util.HashMap<>();
        for (String name :
                List.of("quarkus.redis.hosts", "sso.base-url", "sso.cookie.secrets", "sso.encryption.keys")) {
            settings.put(name, ConfigProvider.getConfig().getValue(name, String.class));
        }
        redis = new RedisConnection(settings.get("quarkus.redis.hosts"));
        cookie = new TestSessions(settings).cookieOf(id);
    }

    private void guestWrites(String json) {
        redis.send("SET", Keys.express(id), json, "EX", DAY);
    }

    private static String json(String user) {
        return "{\"cookie\":{\"originalMaxAge\":null,\"expires\":null,\"httpOnly\":true,\"path\":\"/\"},"
                + "\"passport\":{\"user\":" + user + "},\"sso\":{\"until\":" + UNTIL + "}}";
    }

    private static String carol(String roles) {
        return json("{\"issuer\":\"" + FakeProvider.ISSUER + "\",\"subject\":\"c-1\",\"name\":\"carol\",\"roles\":"
                + roles + "}");
    }

    @Test
    @DisplayName("L1: a session that a guest began is known here, with the roles that a guest may grant and no others")
    void guestsSessionsAreKnown() {
        guestWrites(carol("[\"user\",\"admin\"]"));
        assertEquals("carol [user]", get("page", cookie, SCRIPT).body());
        assertEquals(403, get("admin", cookie, SCRIPT).statusCode());
        assertEquals("other", redis.text("HGET", Keys.record(id), "provider"));
        assertEquals("", redis.text("HGET", Keys.record(id), "access"));
        assertNotNull(redis.text("ZSCORE", Keys.userIndex(FakeProvider.ISSUER, "c-1"), id.value()), "L7: it is listed");
    }

    @Test
    @DisplayName("F4: nobody knows when its user signed in, so that is not recent")
    void nobodyKnowsWhen() {
        guestWrites(carol("[\"user\"]"));
        assertEquals(200, get("page", cookie, SCRIPT).statusCode());
        assertEquals(401, get("api/delicate", cookie, SCRIPT).statusCode());
    }

    @Test
    @DisplayName("L2: it gets our idle limit and an absolute end, whatever the guest gave it")
    void itGetsOurLimits() {
        guestWrites(carol("[\"user\"]"));
        get("page", cookie, SCRIPT);
        long idle = redis.number("PTTL", Keys.express(id));
        assertTrue(idle > 0 && idle <= 30 * 60_000, "idle " + idle);

        assertEquals(Long.toString(UNTIL), redis.text("HGET", Keys.record(id), "until"));
        assertEquals(UNTIL, redis.number("PEXPIRETIME", Keys.record(id)));
    }

    @Test
    @DisplayName("L2: a guest does not give more than our absolute limit")
    void ourAbsoluteLimitHolds() {
        guestWrites(carol("[]").replace(Long.toString(UNTIL), Long.toString(UNTIL + 1000 * HOUR)));
        assertEquals(200, get("page", cookie, SCRIPT).statusCode());
        assertTrue(redis.number("PTTL", Keys.record(id)) <= 8 * HOUR);
    }

    @Test
    @DisplayName("L4: a guest's DEL ends it everywhere, and its late SET does not bring it back")
    void aGuestsDeleteIsASignOff() {
        guestWrites(carol("[\"user\"]"));
        assertEquals(200, get("page", cookie, SCRIPT).statusCode());
        redis.send("DEL", Keys.express(id));
        assertEquals(401, get("page", cookie, SCRIPT).statusCode());
        guestWrites(carol("[\"user\"]"));
        assertEquals(401, get("page", cookie, SCRIPT).statusCode());
        assertNull(redis.text("GET", Keys.express(id)));
    }

    @Test
    @DisplayName("S3: signing off from it works; the provider's session is the guest's, so its browser is sent there")
    void signingOffWorks() {
        guestWrites(carol("[\"user\"]"));
        get("page", cookie, SCRIPT);
        assertTrue(Browser.header(post("auth/sign-off", cookie, NAVIGATION), "Location")
                .endsWith("/notes/auth/other/signed-off-here"));
        assertEquals(401, get("page", cookie, SCRIPT).statusCode());
    }

    @Test
    @DisplayName("L8: attributes can be kept in it, and its guest's own data stay as they are")
    void attributesCanBeKept() {
        guestWrites(carol("[\"user\"]"));
        assertEquals(
                204,
                Browser.send("PUT", "attributes/draft", cookie, "mine", SCRIPT).statusCode());
        assertEquals("mine", get("attributes/draft", cookie, SCRIPT).body());
        assertEquals(carol("[\"user\"]"), redis.text("GET", Keys.express(id)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{}",
                "\"alice\"",
                "{\"issuer\":\"https://issuer.test\"}",
                "{\"issuer\":\"https://issuer.test\",\"subject\":7}",
                "{\"issuer\":\"https://issuer.test\",\"subject\":\"\"}",
                "{\"issuer\":\"https://issuer.test\",\"subject\":\"a\\u0000b\"}"
            })
    @DisplayName("L1, L6: without a user in it, it is nobody's and nothing is created")
    void withoutAUserItIsNobodys(String user) {
        guestWrites(json(user));
        assertEquals(401, get("page", cookie, SCRIPT).statusCode());
        assertEquals(0, redis.number("EXISTS", Keys.record(id)));
    }

    @Test
    @DisplayName("L1: what is no JSON is nobody's, and no error")
    void whatIsNoJsonIsNobodys() {
        guestWrites("{\"cookie\":");
        assertEquals(401, get("page", cookie, SCRIPT).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"tomorrow\"", "null", "1e300", "1.5"})
    @DisplayName(
            "L1, L2: what names no end is not believed, and what has reached it is over: so is a session once ours")
    void whatNamesNoEndIsNotBelieved(String until) {
        guestWrites(carol("[\"user\"]").replace(Long.toString(UNTIL), until));
        assertEquals(401, get("page", cookie, SCRIPT).statusCode());
        assertEquals(0, redis.number("EXISTS", Keys.record(id)));
    }

    @Test
    @DisplayName(
            "I9: an issuer that is none of our providers' is not believed; while one cannot be asked, nobody can tell")
    void foreignIssuersAreNotBelieved() {
        guestWrites(carol("[]").replace(FakeProvider.ISSUER, "https://elsewhere.test"));
        // The provider keycloak is out of reach in this test, and might have that issuer.
        assertEquals(503, get("page", cookie, SCRIPT).statusCode());
        assertEquals(0, redis.number("EXISTS", Keys.record(id)));
    }

    @Test
    @DisplayName("L1: a hundred requests at once adopt it once")
    void itIsAdoptedOnce() {
        guestWrites(carol("[\"user\"]"));
        try (AuditLines audit = new AuditLines()) {
            IntStream.range(0, 100)
                    .parallel()
                    .forEach(i -> assertEquals(200, get("page", cookie, SCRIPT).statusCode()));
            assertEquals(
                    1,
                    audit.of("session-adopted").stream()
                            .filter(fields -> fields.containsValue(id.fingerprint()))
                            .count());
        }
    }

    @AfterEach
    void everyKeyHasATimeToLive() {
        assertEquals(List.of(), redis.keysWithoutTimeToLive(), "L5");
        redis.close();
    }
}
