package org.acme.session.internal.auth;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.post;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.acme.session.contract.Identity;
import org.acme.session.contract.SessionRecord;
import org.acme.session.notes.FakeProvider;
import org.acme.session.notes.NotesResource;
import org.acme.session.notes.StepUpSignIn;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What asks for a sign-in of the last minutes. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class RecentSignInTest {

    /** Signed in an hour ago, at the provider that is there, so that it can be asked again. */
    private static String old() {
        return signedIn(Duration.ofHours(1), Optional.of(Duration.ofHours(1)));
    }

    private static String signedIn(Duration sessionAge, Optional<Duration> signInAge) {
        SessionRecord alice = TestSessions.sessionOf("alice", "user");
        Identity who = alice.identity();
        Identity atOther = new Identity(
                "other", who.issuer(), who.subject(), who.providerSession(), who.name(), who.roles(), who.profile());
        return TestSessions.cookieOf(SessionRecord.begin(
                        alice.id(), atOther, Instant.now().minus(sessionAge), alice.until(), "a test", alice.tokens())
                .authenticated(signInAge.map(Instant.now()::minus), Optional.empty()));
    }

    @Test
    @DisplayName("who has just signed in is let through")
    void recentIsLetThrough() {
        String cookie = TestSessions.cookieOf("alice", "user");
        assertEquals("delicate", get("delicate", cookie, NAVIGATION).body());
        assertEquals("delicate", get("api/delicate", cookie, SCRIPT).body());
    }

    @Test
    @DisplayName(
            "a person whose sign-in is too old is sent to the session's own provider, which is asked for a new one")
    void aPersonIsSentToTheProvider() {
        HttpResponse<String> answer = get("delicate", old(), NAVIGATION);
        assertEquals(302, answer.statusCode(), answer.body());
        String location = header(answer, "Location");
        assertTrue(location.contains("/authorize?") && location.contains("max_age=300"), location);
        assertTrue(setCookies(answer).stream().noneMatch(cookie -> cookie.startsWith("sso=")));
    }

    @Test
    @DisplayName("I3 who comes back from a provider that does not ask again gets a page, and is not sent round")
    void neverALoop() {
        long anHourAgo = Instant.now().minus(Duration.ofHours(1)).getEpochSecond();
        StepUpSignIn begun = StepUpSignIn.begin("delicate", old());
        HttpResponse<String> answer = begun.end(new JsonObject().put("auth_time", anHourAgo));
        assertEquals(403, answer.statusCode());
        assertTrue(answer.body().contains("This sign-in is not enough"));
        assertFalse(StepUpSignIn.signsIn(answer));
    }

    @Test
    @DisplayName(
            "who has signed in this minute at a provider that knew them for an hour is asked there, not refused here")
    void aNewSessionOfAnOldSignIn() {
        HttpResponse<String> answer =
                get("delicate", signedIn(Duration.ofSeconds(1), Optional.of(Duration.ofHours(1))), NAVIGATION);
        assertEquals(302, answer.statusCode());
        assertTrue(header(answer, "Location").contains("max_age=300"));
    }

    @Test
    @DisplayName("E7 a form is told so, and nothing has run")
    void aFormIsTold() {
        int before = NotesResource.WRITES.get();
        HttpResponse<String> answer = post("delicate", old(), NAVIGATION);
        assertEquals(401, answer.statusCode());
        assertTrue(answer.body().contains("nothing was changed"));
        assertEquals(before, NotesResource.WRITES.get());
    }

    @Test
    @DisplayName("a script is told so in the words of RFC 9470")
    void aScriptIsTold() {
        HttpResponse<String> answer = get("api/delicate", old(), SCRIPT);
        assertEquals(401, answer.statusCode());
        String challenge = header(answer, "WWW-Authenticate");
        assertTrue(challenge.contains("error=\"insufficient_user_authentication\""), challenge);
        assertTrue(challenge.endsWith("max_age=\"300\""), challenge);
        assertEquals(List.of(), setCookies(answer));
        assertFalse(answer.body().contains("delicate"));
    }

    @Test
    @DisplayName("F4: a sign-in of unknown time is not recent: its provider is asked, a script is told")
    void unknownIsNotRecent() {
        String cookie = signedIn(Duration.ofSeconds(1), Optional.empty());
        assertTrue(header(get("delicate", cookie, NAVIGATION), "Location").contains("max_age=300"));
        assertEquals(401, get("api/delicate", cookie, SCRIPT).statusCode());
    }

    @Test
    @DisplayName("F4 I3: a provider that does not say when is not believed that it was now; a page says so, once")
    void aProviderThatDoesNotSayWhen() {
        for (JsonObject unsaid : List.of(new JsonObject(), new JsonObject().put("auth_time", 0))) {
            HttpResponse<String> answer = StepUpSignIn.begin("delicate", old()).end(unsaid);
            assertEquals(403, answer.statusCode(), unsaid.encode());
            assertTrue(answer.body().contains("This sign-in is not enough"));
            assertTrue(answer.body().contains("<a href="), "a way on");
            assertFalse(StepUpSignIn.signsIn(answer));
        }
    }

    @Test
    @DisplayName("F4: who signs in where nobody says when is signed in, and no more than that")
    void signedInAllTheSame() {
        HttpResponse<String> back = StepUpSignIn.begin("auth/other", null).end(new JsonObject());
        String cookie = StepUpSignIn.session(back);
        assertEquals(200, get("page", cookie, SCRIPT).statusCode());
        assertEquals(401, get("api/delicate", cookie, SCRIPT).statusCode());
    }
}
