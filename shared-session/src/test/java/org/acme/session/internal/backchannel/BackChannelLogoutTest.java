package org.acme.session.internal.backchannel;

import static org.acme.session.internal.backchannel.Sender.claims;
import static org.acme.session.internal.backchannel.Sender.signed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a provider's logout ends, and when it says so. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(SigningProvider.class)
class BackChannelLogoutTest {

    private static final RsaJsonWebKey KEY = Sender.newKey("k-good");

    /** Put here by {@link RedisServer#inject}. */
    RedisServer redis;

    @BeforeEach
    void theProviderPublishesItsKey() {
        Sender.publishAndAwait(KEY);
    }

    @AfterEach
    void everyKeyHasATimeToLive() {
        try (RedisConnection connection = new RedisConnection(redis.uri())) {
            assertEquals(List.of(), connection.keysWithoutTimeToLive(), "L5");
        }
    }

    private static String sid(SessionRecord session) {
        return session.identity().providerSession().orElseThrow();
    }

    private static int logout(String sid, String subject) {
        return Sender.post(signed(claims(sid, subject), KEY)).statusCode();
    }

    @Test
    @DisplayName(
            "B3, B4, S5: a sid ends the sessions of that provider session, in Redis, before the answer; bearers too")
    void sidEndsThatProviderSession() {
        SessionRecord tab = Signed.in("alice");
        SessionRecord otherTab = Signed.at(SigningProvider.ISSUER, "alice", Optional.of(sid(tab)));
        String tabCookie = TestSessions.cookieOf(tab);
        String otherTabCookie = TestSessions.cookieOf(otherTab);
        String phoneCookie = TestSessions.cookieOf(Signed.in("alice"));
        assertTrue(Signed.isKnown(tabCookie) && Signed.isKnown(otherTabCookie) && Signed.isKnown(phoneCookie));

        HttpResponse<String> answer = Sender.post(signed(claims(sid(tab), "subject-of-alice"), KEY));

        assertEquals(200, answer.statusCode(), answer.body());
        assertEquals(Optional.of("no-store"), answer.headers().firstValue("Cache-Control"));
        try (RedisConnection connection = new RedisConnection(redis.uri())) {
            for (SessionRecord ended : List.of(tab, otherTab)) {
                assertEquals("ended", connection.text("HGET", Keys.record(ended.id()), "state"));
                assertEquals("provider-logout", connection.text("HGET", Keys.record(ended.id()), "endReason"));
                assertEquals(0, connection.number("HEXISTS", Keys.record(ended.id()), "refresh"));
            }
            String hash = tab.identity().providerSessionHash().orElseThrow();
            assertEquals(1, connection.number("EXISTS", Keys.endedProviderSession(hash)), "bearer tokens are refused");
        }
        assertFalse(Signed.isKnown(tabCookie));
        assertFalse(Signed.isKnown(otherTabCookie));
        assertTrue(Signed.isKnown(phoneCookie), "another provider session goes on");
    }

    @Test
    @DisplayName("B3: a sub alone ends all of that user's sessions, and nobody else's")
    void subEndsAllOfTheUsersSessions() {
        String name = "carol-" + UUID.randomUUID();
        List<String> hers = Stream.generate(() -> TestSessions.cookieOf(Signed.in(name)))
                .limit(12)
                .toList();
        String bobs = TestSessions.cookieOf(Signed.in("bob"));

        assertEquals(200, logout(null, "subject-of-" + name));

        assertTrue(hers.stream().noneMatch(Signed::isKnown));
        assertTrue(Signed.isKnown(bobs));
    }

    @Test
    @DisplayName("B3: the same sub or sid at another issuer is somebody else")
    void anotherIssuersUserIsSomebodyElse() {
        SessionRecord elsewhere = Signed.at(
                TestSessions.ISSUER, "dave", Optional.of(UUID.randomUUID().toString()));
        String cookie = TestSessions.cookieOf(elsewhere);

        assertEquals(200, logout(null, "subject-of-dave"));
        assertEquals(200, logout(sid(elsewhere), null));

        assertTrue(Signed.isKnown(cookie));
    }

    @Test
    @DisplayName("B3: what is unknown, or has ended before, is a success")
    void unknownIsASuccess() {
        SessionRecord alice = Signed.in("alice");
        TestSessions.cookieOf(alice);

        assertEquals(200, logout("nobody-knows-it", null));
        assertEquals(200, logout(null, "nobody-knows-her"));
        assertEquals(200, logout(sid(alice), null));
        assertEquals(200, logout(sid(alice), null));
    }

    @Test
    @DisplayName("B2: of the same token sent ten times at once and once more, one is taken")
    void aTokenCountsOnce() {
        String form = Sender.form(signed(claims("once", null), KEY));
        List<Integer> statuses =
                Stream.generate(() -> Sender.postLater("application/x-www-form-urlencoded", form))
                        .limit(10)
                        .toList()
                        .stream()
                        .map(later -> Sender.join(later).statusCode())
                        .sorted()
                        .toList();

        assertEquals(200, statuses.get(0));
        assertTrue(statuses.stream().skip(1).allMatch(status -> status == 400), statuses.toString());
        HttpResponse<String> again = Sender.post("application/x-www-form-urlencoded", form);
        assertEquals(400, again.statusCode());
        assertTrue(again.body().contains("it was used before"), again.body());
    }

    @Test
    @DisplayName("B2, B4: with Redis unavailable 503, nothing counts as used, and the same token works when it is back")
    void aFailedLogoutCanBeSentAgain() throws IOException {
        SessionRecord alice = Signed.in("alice");
        String cookie = TestSessions.cookieOf(alice);
        String token = signed(claims(sid(alice), null), KEY);
        redis.kill();
        try {
            HttpResponse<String> answer = Sender.post(token);
            assertEquals(503, answer.statusCode(), answer.body());
            assertEquals(Optional.of("no-store"), answer.headers().firstValue("Cache-Control"));
            assertEquals(Optional.of("2"), answer.headers().firstValue("Retry-After"));
        } finally {
            redis.launch();
        }
        assertTrue(Signed.isKnown(cookie));

        assertEquals(200, Sender.post(token).statusCode());
        assertFalse(Signed.isKnown(cookie));
    }

    @Test
    @DisplayName("B1: a key that the provider has changed to is taken within a second, and the old one no more")
    void keysRotate() {
        assertEquals(200, logout("before", null));
        RsaJsonWebKey next = Sender.newKey("k-" + UUID.randomUUID());

        Sender.publishAndAwait(next);

        assertEquals(400, logout("late", null));
    }

    @Test
    @DisplayName("B1: made-up key names do not make us ask the provider for each of them")
    void madeUpKeyNamesAreCheap() {
        logout("warm", null);
        List<RsaJsonWebKey> made = List.of(Sender.newKey("made-up-1"), Sender.newKey("made-up-2"));
        int before = Sender.reads();
        long start = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            assertEquals(
                    400, Sender.post(signed(claims("x", null), made.get(i % 2))).statusCode());
        }
        long seconds = (System.nanoTime() - start) / 1_000_000_000L;
        assertTrue(Sender.reads() - before <= seconds + 2, "reads: " + (Sender.reads() - before));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "logout+jwt", "application/logout+jwt"})
    @DisplayName("B1: the types that providers give their logout tokens")
    void typesThatCount(String type) {
        String token = signed(claims("x", null).toJson(), KEY, jws -> jws.setHeader("typ", type));
        assertEquals(200, Sender.post(token).statusCode());
    }

    @Test
    @DisplayName("B1: a token for several audiences, one of them this system")
    void severalAudiences() {
        var claims = claims("x", null);
        claims.setAudience("other", SigningProvider.CLIENT);
        assertEquals(200, Sender.post(signed(claims, KEY)).statusCode());
    }
}
