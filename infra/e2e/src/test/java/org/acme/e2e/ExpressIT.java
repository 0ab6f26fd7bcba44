package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.acme.e2e.observers.ExpressApp;
import org.acme.e2e.observers.RedisProbe;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A stock Express service joins the session, and cannot harm its end. */
@ExtendWith(OnTheStack.class)
class ExpressIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private static ExpressApp express;

    private Stack stack;
    private Visitor alice;

    @BeforeAll
    static void startExpress(Stack stack) {
        express = ExpressApp.start(
                stack.redisPort(),
                stack.secrets().redisGuestPassword(),
                stack.secrets().cookieSecret());
    }

    @AfterAll
    static void stopExpress() {
        if (express != null) {
            express.close();
        }
    }

    @BeforeEach
    void signIn(Stack stack) {
        this.stack = stack;
        alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
    }

    @Test
    @DisplayName("Contract: stock Express knows alice from her Java sign-in, and not after her sign-off")
    void expressKnowsAlice() {
        Answer who = alice.get(express.url("/whoami"));
        assertThat(who.status()).as("%s", who).isEqualTo(200);
        assertThat(who.json().path("issuer").asText()).isEqualTo(stack.keycloakOrigin() + "/realms/sso");
        assertThat(who.json().path("subject").asText()).isNotBlank();
        assertThat(who.json().path("name").asText()).isEqualTo("alice");
        assertThat(who.json().path("roles").toString()).contains("\"user\"", "\"admin\"");

        alice.signOff("projects");

        assertThat(who().status()).isEqualTo(401);
    }

    @Test
    @DisplayName("Contract: a reader that is Express changes nothing, and what it remembers stays in the session")
    void expressWritesItsOwnAttributes() {
        String id = SignedCookie.idOf(alice.sso());
        String before = stack.redis().json(id).orElseThrow();
        assertThat(who().status()).isEqualTo(200);
        assertThat(stack.redis().json(id)).contains(before);

        Answer remembered = alice.get(express.url("/remember/green"));
        assertThat(remembered.status()).isEqualTo(200);
        assertThat(remembered.setCookies()).isEmpty();

        Everywhere.assertKnown(stack, alice);
        assertThat(stack.redis().json(id).orElseThrow()).contains("\"remembered\":\"green\"", "\"until\"");
        assertThat(stack.redis().keysWithoutEnd()).isEmpty();
    }

    @Test
    @DisplayName("L4 a signed-off session stays ended when a stock Express request in flight saves it")
    void signedOffSessionStaysEndedWhenAnInFlightRequestSavesIt() {
        String sso = alice.sso();
        String id = SignedCookie.idOf(sso);
        CompletableFuture<Answer> held = alice.getAsync(express.url("/hold"), Visitor.SCRIPT);
        await("Express to have loaded the session")
                .atMost(TIMEOUT)
                .until(() -> new Visitor(stack.base())
                                .get(express.url("/held"))
                                .json()
                                .path("held")
                                .asInt()
                        == 1);

        assertThat(alice.signOff("users").status()).isEqualTo(303);
        new Visitor(stack.base()).get(express.url("/release"));
        assertThat(Visitor.joined(held).status()).isEqualTo(200);

        Everywhere.assertUnknown(stack, sso);
        await("the next look, or the ender's second one, to remove it")
                .atMost(TIMEOUT)
                .until(() -> !stack.redis().exists(RedisProbe.expressKey(id)));
        assertThat(stack.redis().record(id)).containsEntry("state", "ended");
        assertThat(Everywhere.withCookie(stack, sso).get(express.url("/whoami")).status())
                .isEqualTo(401);
    }

    @Test
    @DisplayName("L4 a guest's SET of the old JSON after the sign-off revives nothing, however often")
    void guestsLateSetRevivesNothing() {
        String sso = alice.sso();
        String id = SignedCookie.idOf(sso);
        String json = stack.redis().json(id).orElseThrow();
        assertThat(alice.signOff("projects").status()).isEqualTo(303);

        for (int i = 0; i < 3; i++) {
            stack.redis().setAsGuest(stack.secrets().redisGuestPassword(), id, json);
            Everywhere.assertUnknown(stack, sso);
            assertThat(stack.redis().exists(RedisProbe.expressKey(id)))
                    .as("a checking member looked")
                    .isFalse();
        }
        assertThat(stack.redis().record(id)).containsEntry("state", "ended");
    }

    private Answer who() {
        return alice.get(express.url("/whoami"));
    }
}
