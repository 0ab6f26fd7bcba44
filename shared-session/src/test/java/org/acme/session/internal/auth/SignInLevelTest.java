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
import java.util.stream.Stream;
import org.acme.session.contract.Identity;
import org.acme.session.contract.SessionRecord;
import org.acme.session.notes.FakeProvider;
import org.acme.session.notes.NotesResource;
import org.acme.session.notes.StepUpSignIn;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What asks for a sign-in of a certain strength: the ID token's {@code acr}. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class SignInLevelTest {

    private static final JsonObject GOLD = new JsonObject().put("acr", "gold");
    private static final JsonObject SILVER = new JsonObject().put("acr", "silver");

    /** A session at the provider that is there, so that it can be asked again. @param acr null for none */
    private static String signedIn(String acr) {
        SessionRecord alice = TestSessions.sessionOf("alice", "user");
        Identity who = alice.identity();
        Identity atOther = new Identity(
                "other",
                FakeProvider.ISSUER,
                who.subject(),
                who.providerSession(),
                who.name(),
                who.roles(),
                who.profile());
        Instant now = Instant.now();
        return TestSessions.cookieOf(
                SessionRecord.begin(alice.id(), atOther, now, alice.until(), "a test", alice.tokens())
                        .authenticated(Optional.of(now.minus(Duration.ofHours(1))), Optional.ofNullable(acr)));
    }

    @Test
    @DisplayName("who has signed in strongly enough is let through, in any of the accepted ways")
    void strongEnough() {
        assertEquals("gold", get("gold", signedIn("gold"), NAVIGATION).body());
        assertEquals("gold", get("api/gold", signedIn("platinum"), SCRIPT).body());
    }

    @Test
    @DisplayName(
            "L1 whose sign-in is too weak is sent to the provider with acr_values, and back to the page with a new session")
    void sentToTheProviderAndBack() {
        String weak = signedIn("silver");
        StepUpSignIn begun = StepUpSignIn.begin("gold", weak);
        assertTrue(begun.location().contains("acr_values=gold+platinum"), begun.location());

        HttpResponse<String> back = begun.end(GOLD);
        assertTrue(header(back, "Location").endsWith("/notes/gold"), back.statusCode() + header(back, "Location"));
        assertEquals("gold", get("gold", StepUpSignIn.session(back), NAVIGATION).body());
        assertEquals(401, get("page", weak, SCRIPT).statusCode(), "the old session has been replaced");
    }

    @Test
    @DisplayName("L9 a session that says nothing of its sign-in has no level")
    void unknownIsNone() {
        StepUpSignIn.begin("gold", signedIn(null));
        StepUpSignIn.begin("gold", signedIn("Gold"));
    }

    @Test
    @DisplayName(
            "I3 a provider that answers with less is not asked again: a page says so, and the session stays as it was")
    void neverALoop() {
        String weak = signedIn("silver");
        for (JsonObject less : List.of(SILVER, new JsonObject(), new JsonObject().put("acr", ""))) {
            HttpResponse<String> back = StepUpSignIn.begin("gold", weak).end(less);
            assertEquals(403, back.statusCode());
            assertTrue(back.body().contains("This sign-in is not enough"), back.body());
            assertFalse(StepUpSignIn.signsIn(back));
            assertEquals(200, get("page", weak, SCRIPT).statusCode());
        }
    }

    @Test
    @DisplayName(
            "a stranger's link to such a page leads through two sign-ins at most: an ordinary one, then a strong one")
    void fromNobody() {
        String first = StepUpSignIn.session(
                StepUpSignIn.begin("auth/other?return=/notes/gold", null).end(SILVER));
        StepUpSignIn second = StepUpSignIn.begin("gold", first);
        assertTrue(second.location().contains("acr_values="), second.location());
        assertEquals(403, second.end(SILVER).statusCode());
    }

    @Test
    @DisplayName("what one tab asked for is not asked of the sign-in of another")
    void tabsAreApart() {
        StepUpSignIn strong = StepUpSignIn.begin("gold", signedIn("silver"));
        StepUpSignIn plain = StepUpSignIn.begin("auth/other?return=/notes/page", null);
        HttpResponse<String> back =
                new StepUpSignIn(plain.location(), plain.cookies() + "; " + strong.cookies()).end(SILVER);
        assertTrue(StepUpSignIn.signsIn(back), back.body());
    }

    @Test
    @DisplayName("I4 what was asked travels in the sealed state: it takes no cookie, and nobody else reads it")
    void theQuestionTakesNoCookie() {
        HttpResponse<String> away = get("gold", signedIn("silver"), NAVIGATION);
        assertEquals(1, setCookies(away).size(), () -> "the binding: " + setCookies(away));
        String state = header(away, "Location").replaceFirst(".*[?&]state=([^&]*).*", "$1");
        assertFalse(state.contains("gold"), state);
    }

    @Test
    @DisplayName("a recent and strong sign-in is asked for at once, and each half alone is not enough")
    void bothAtOnce() {
        StepUpSignIn begun = StepUpSignIn.begin("fresh-gold", signedIn("gold"));
        assertTrue(begun.location().contains("max_age=300"), begun.location());
        assertTrue(begun.location().contains("acr_values=gold"), begun.location());
        long now = Instant.now().getEpochSecond();
        assertEquals(403, begun.end(GOLD.copy().put("auth_time", now - 3600)).statusCode());
        HttpResponse<String> weak = StepUpSignIn.begin("fresh-gold", signedIn("gold"))
                .end(SILVER.copy().put("auth_time", now));
        assertEquals(403, weak.statusCode());
        HttpResponse<String> both = StepUpSignIn.begin("fresh-gold", signedIn("gold"))
                .end(GOLD.copy().put("auth_time", now));
        assertEquals(
                "fresh gold",
                get("fresh-gold", StepUpSignIn.session(both), NAVIGATION).body());
    }

    @Test
    @DisplayName("a proxy that guards may ask for it: the user is sent to the provider, and back to the guarded page")
    void guardedByAProxy() {
        String wanted = "?acr_values=gold&max_age=86400";
        String weak = signedIn("silver");
        assertEquals(200, get("auth/verify" + wanted, signedIn("gold"), SCRIPT).statusCode());
        assertEquals(401, get("auth/verify" + wanted, weak, SCRIPT).statusCode());

        String[] navigation = Stream.concat(Stream.of(NAVIGATION), Stream.of("X-Original-Uri", "/guarded/?a=1&b=%26"))
                .toArray(String[]::new);
        HttpResponse<String> entered = get("auth/enter" + wanted, weak, navigation);
        assertEquals(302, entered.statusCode());
        String stepUp = header(entered, "Location").replaceFirst("^.*/notes/", "");
        assertTrue(stepUp.startsWith("auth/step-up?"), stepUp);
        HttpResponse<String> back = StepUpSignIn.begin(stepUp, weak)
                .end(GOLD.copy().put("auth_time", Instant.now().getEpochSecond()));
        HttpResponse<String> on =
                get(header(back, "Location").replaceFirst("^.*/notes/", ""), StepUpSignIn.session(back), NAVIGATION);
        assertEquals(303, on.statusCode());
        assertTrue(header(on, "Location").endsWith("/guarded/?a=1&b=%26"), header(on, "Location"));

        assertEquals(401, get("auth/enter" + wanted, weak, SCRIPT).statusCode());
    }

    @Test
    @DisplayName("what cannot be asked of a provider is refused, not sent on")
    void nonsenseIsRefused() {
        for (String nonsense : List.of(
                "?max_age=soon",
                "?max_age=0", // nobody could ever have signed in lately enough
                "?max_age=-1",
                "?acr_values=a%22b",
                "?acr_values=%C3%BC",
                "?acr_values=a%0d%0ab",
                "?acr_values=" + "gold+".repeat(1200))) {
            HttpResponse<String> answer = get("auth/step-up" + nonsense, signedIn("silver"), NAVIGATION);
            assertEquals(400, answer.statusCode(), nonsense);
        }
    }

    @Test
    @DisplayName("E7 a form is told so, and nothing has run")
    void aFormIsTold() {
        int before = NotesResource.WRITES.get();
        HttpResponse<String> answer = post("gold", signedIn("silver"), NAVIGATION);
        assertEquals(401, answer.statusCode());
        assertTrue(answer.body().contains("nothing was changed"));
        assertEquals(before, NotesResource.WRITES.get());
    }

    @Test
    @DisplayName("a script is told so in the words of RFC 9470")
    void aScriptIsTold() {
        HttpResponse<String> answer = get("api/gold", signedIn("silver"), SCRIPT);
        assertEquals(401, answer.statusCode());
        String challenge = header(answer, "WWW-Authenticate");
        assertTrue(challenge.contains("error=\"insufficient_user_authentication\""), challenge);
        assertTrue(challenge.endsWith("acr_values=\"gold platinum\""), challenge);
        assertEquals(List.of(), setCookies(answer));
    }
}
