package org.acme.session.internal.lifecycle;

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
import java.util.Map;
import java.util.Optional;
import org.acme.session.contract.Identity;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class SignOffTest {

    private static final List<String> CLEARED = List.of("sso=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax");

    private static RedisConnection redis() {
        return new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class));
    }

    private static int pageWith(String cookie) {
        return get("page", cookie, SCRIPT).statusCode();
    }

    private static String landing(HttpResponse<?> answer) {
        assertEquals(303, answer.statusCode());
        return header(answer, "Location").replaceFirst("^http://localhost:\\d+", "");
    }

    @Test
    @DisplayName("S1, S3: after a sign-off the cookie opens nothing and is cleared, though the provider is unavailable")
    void aSignOffEndsTheSession() {
        SessionRecord alice = TestSessions.sessionOf("alice");
        String cookie = TestSessions.cookieOf(alice);
        assertEquals(200, pageWith(cookie));
        HttpResponse<String> answer = post("auth/sign-off", cookie, NAVIGATION);
        assertEquals("/notes/auth/signed-off-here", landing(answer));
        assertEquals(CLEARED, setCookies(answer));
        assertEquals(401, pageWith(cookie));
        try (RedisConnection redis = redis()) {
            assertEquals("ended", redis.text("HGET", Keys.record(alice.id()), "state"));
            assertEquals(0, redis.number("EXISTS", Keys.express(alice.id())));
        }
    }

    @Test
    @DisplayName("S3: signing off twice is no error, and the cookie is cleared again")
    void twiceIsNoError() {
        String cookie = TestSessions.cookieOf("alice");
        post("auth/sign-off", cookie, NAVIGATION);
        HttpResponse<String> again = post("auth/sign-off", cookie, NAVIGATION);
        assertEquals(303, again.statusCode());
        assertEquals(CLEARED, setCookies(again));
        assertEquals(401, pageWith(cookie));
    }

    @Test
    @DisplayName("S3, L6: signing off without a session is an answer, not an error")
    void withoutASessionThereIsNothingToDo() {
        HttpResponse<String> answer = post("auth/sign-off", null, NAVIGATION);
        assertEquals("/notes/auth/signed-off", landing(answer));
        assertEquals(List.of(), setCookies(answer));
        assertEquals("/notes/auth/signed-off", landing(post("auth/sign-off", "sso=forged", NAVIGATION)));
    }

    @Test
    @DisplayName("S2: whatever is not a POST of this site signs nobody off")
    void onlyAPostOfThisSiteSignsOff() {
        String cookie = TestSessions.cookieOf("alice");
        assertEquals(
                303,
                get("auth/sign-off", cookie, "Sec-Fetch-Site", "cross-site", "Sec-Fetch-Dest", "image")
                        .statusCode());
        assertEquals(
                403,
                post("auth/sign-off", cookie, "Sec-Fetch-Site", "cross-site").statusCode());
        assertEquals(200, pageWith(cookie));
    }

    @Test
    @DisplayName("S1: a service can end the session of the request it serves")
    void aServiceCanEndTheSession() {
        String cookie = TestSessions.cookieOf("alice");
        HttpResponse<String> answer = post("leave", cookie, SCRIPT);
        assertEquals(200, answer.statusCode());
        assertEquals("PROVIDER_MAY_REMEMBER", answer.body().replace("\"", ""));
        assertEquals(CLEARED, setCookies(answer));
        assertEquals(401, pageWith(cookie));
    }

    @Test
    @DisplayName("L4: a request whose session ends while it runs is answered like one without, and writes nothing")
    void aRequestThatCameTooLateIsAStrangers() {
        SessionRecord alice = TestSessions.sessionOf("alice");
        HttpResponse<String> answer = post("too-late", TestSessions.cookieOf(alice), SCRIPT);
        assertEquals(401, answer.statusCode());
        assertEquals("application/problem+json", header(answer, "Content-Type"));
        try (RedisConnection redis = redis()) {
            assertEquals(0, redis.number("HEXISTS", Keys.record(alice.id()), "attr:notes-service"));
        }
    }

    @Test
    @DisplayName("I2, S1: sessions that the same provider session opened end with it; other devices stay signed in")
    void siblingsEndTogether() {
        SessionRecord tab = TestSessions.sessionOf("alice");
        SessionRecord otherTab = inSameProviderSession(tab);
        String tabCookie = TestSessions.cookieOf(tab);
        String otherTabCookie = TestSessions.cookieOf(otherTab);
        String phoneCookie = TestSessions.cookieOf("alice");
        assertEquals(200, pageWith(otherTabCookie));

        post("auth/sign-off", tabCookie, NAVIGATION);
        assertEquals(401, pageWith(tabCookie));
        assertEquals(401, pageWith(otherTabCookie));
        assertEquals(200, pageWith(phoneCookie));
    }

    private static SessionRecord inSameProviderSession(SessionRecord first) {
        SessionRecord other = TestSessions.sessionOf("alice");
        Identity user = other.identity();
        Optional<String> providerSession = first.identity().providerSession();
        Identity same = new Identity(
                user.provider(), user.issuer(), user.subject(), providerSession, user.name(), user.roles(), Map.of());
        return SessionRecord.begin(other.id(), same, other.createdAt(), other.until(), "", other.tokens());
    }

    @Test
    @DisplayName("S5: bearer tokens of that provider session are refused from then on, for as long as one can live")
    void bearersOfThatSessionAreMarked() {
        SessionRecord alice = TestSessions.sessionOf("alice");
        post("auth/sign-off", TestSessions.cookieOf(alice), NAVIGATION);
        try (RedisConnection redis = redis()) {
            String hash = alice.identity().providerSessionHash().orElseThrow();
            long left = redis.number("PTTL", Keys.endedProviderSession(hash));
            assertTrue(left > 0 && left <= 15 * 60_000, "left: " + left);
        }
    }

    @Test
    @DisplayName("L4: a guest's SET after the sign-off signs nobody in, and is gone after one look")
    void aGuestsLateWriteOpensNothing() {
        SessionRecord alice = TestSessions.sessionOf("alice");
        String cookie = TestSessions.cookieOf(alice);
        try (RedisConnection redis = redis()) {
            String json = redis.text("GET", Keys.express(alice.id()));
            post("auth/sign-off", cookie, NAVIGATION);
            redis.send("SET", Keys.express(alice.id()), json, "EX", "86400");
            assertEquals(401, pageWith(cookie));
            assertEquals(0, redis.number("EXISTS", Keys.express(alice.id())));
        }
    }

    @Test
    @DisplayName("S3: both landing pages say what has happened, to anybody")
    void landingPagesSayWhatHappened() {
        assertTrue(get("auth/signed-off", null, NAVIGATION).body().contains("signed out of every service"));
        assertTrue(get("auth/signed-off-here", null, NAVIGATION).body().contains("could not be told"));
    }

    @AfterEach
    void everyKeyHasATimeToLive() {
        String uri = ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class);
        try (RedisConnection redis = new RedisConnection(uri)) {
            assertEquals(List.of(), redis.keysWithoutTimeToLive(), "L5");
        }
    }
}
