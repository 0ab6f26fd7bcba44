package org.acme.session.internal.auth;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.acme.session.contract.Keys;
import org.acme.session.notes.FakeProvider;
import org.acme.session.notes.StepUpSignIn;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who signs in at once after they were signed out as a whole. Tokens say in whole seconds when they were issued. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class SignedOffJustNowTest {

    private final String subject = UUID.randomUUID().toString();
    private final long second = Instant.now().getEpochSecond();
    private final String mark = Keys.endedUser("https://issuer.test", subject);
    private final RedisConnection redis =
            new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class));

    @AfterEach
    void forget() {
        redis.send("DEL", mark);
        redis.close();
    }

    private void signedOutAt(long millis) {
        redis.send("SET", mark, Long.toString(millis), "PX", "60000");
    }

    private HttpResponse<String> callback(BegunSignIn signIn, long issuedAt) {
        String code = FakeProvider.codeFor(new JsonObject()
                .put("nonce", signIn.parameter("nonce"))
                .put("sub", subject)
                .put("iat", issuedAt));
        return get(signIn.callback(code), signIn.sentToCallback(), NAVIGATION);
    }

    private static BegunSignIn roundAgain(BegunSignIn first, HttpResponse<String> back) {
        assertFalse(StepUpSignIn.signsIn(back), back.body());
        List<String> jar = new ArrayList<>(first.cookies());
        jar.addAll(setCookies(back));
        return new BegunSignIn(BegunSignIn.of(back).location(), jar);
    }

    @Test
    @DisplayName("S5 R5 within the same second a sign-in goes round once more, and then is one")
    void withinTheSameSecond() {
        BegunSignIn first = BegunSignIn.of(get("auth/other?return=/notes/page", null, NAVIGATION));
        signedOutAt(second * 1000 + 500);
        BegunSignIn again = roundAgain(first, callback(first, second));
        HttpResponse<String> back = callback(again, second + 1);
        assertEquals(303, back.statusCode(), back.body());
        assertEquals(200, get("page", StepUpSignIn.session(back), SCRIPT).statusCode());
    }

    @Test
    @DisplayName("S5 I3 a provider whose clock stands still is asked twice, and no third time")
    void notAThirdTime() {
        BegunSignIn first = BegunSignIn.of(get("auth/other?return=/notes/page", null, NAVIGATION));
        signedOutAt(second * 1000 + 500);
        BegunSignIn again = roundAgain(first, callback(first, second));
        assertDidNotFinish(callback(again, second));
    }

    @Test
    @DisplayName("S5 a sign-in that began before the sign-out of all is none")
    void begunBefore() {
        BegunSignIn begun = BegunSignIn.of(get("auth/other?return=/notes/page", null, NAVIGATION));
        signedOutAt((second + 10) * 1000);
        assertDidNotFinish(callback(begun, second));
    }

    private static void assertDidNotFinish(HttpResponse<String> answer) {
        assertEquals(400, answer.statusCode());
        assertTrue(answer.body().contains("This sign-in did not finish"), answer.body());
        assertFalse(StepUpSignIn.signsIn(answer));
    }
}
