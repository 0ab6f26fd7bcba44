package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.time.Duration;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A backend that cannot reach Redis asks whom a cookie belongs to, with a token that Keycloak gave it. */
@ExtendWith(OnTheStack.class)
class SessionIntrospectionIT {

    private static final Duration LEFT = Duration.ofMinutes(10);
    /** Each service gets half of the questions, and each of its instances one after the other. */
    private static final int ENOUGH_FOR_EVERYBODY = 24;

    private Stack stack;
    private Visitor backend;
    private Visitor alice;

    @BeforeEach
    void aliceIsSignedIn(Stack stack) {
        this.stack = stack;
        backend = new Visitor(stack.base());
        alice = new Visitor(stack.base());
        // No further than the callback, so that no instance caches the session: what is asked reaches Redis.
        URI callback = alice.signInUpToCallback("alice", "/users/profile");
        alice.get(callback.toString(), Visitor.NAVIGATION);
    }

    @Test
    @DisplayName("law 8's exception: a session reader is told who it is, and no token, id or cookie")
    void readersAreToldWhoItIs() {
        Answer answer = ask(stack.keycloak().readerToken(), alice.sso(), false);

        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.json().path("issuer").asText()).isEqualTo(stack.keycloakOrigin() + "/realms/sso");
        assertThat(answer.json().path("name").asText()).isEqualTo("alice");
        assertThat(answer.json().path("roles").toString()).contains("\"user\"", "\"admin\"");
        assertThat(answer.json().fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("issuer", "subject", "name", "roles", "startedAt", "endsAt", "fingerprint");
        assertThat(answer.body()).doesNotContain(SignedCookie.idOf(alice.sso()), "eyJ");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(answer.setCookies()).isEmpty();
    }

    @Test
    @DisplayName("L2 asking extends nothing, unless the backend says that its user was active")
    void askingExtendsNothing() {
        String id = SignedCookie.idOf(alice.sso());
        String token = stack.keycloak().readerToken();
        stack.redis().endsIn(id, LEFT);

        for (int i = 0; i < ENOUGH_FOR_EVERYBODY; i++) {
            assertThat(ask(token, alice.sso(), false).status()).isEqualTo(200);
        }
        assertThat(stack.redis().timeLeft(id)).isLessThanOrEqualTo(LEFT);

        assertThat(ask(token, alice.sso(), true).status()).isEqualTo(200);
        assertThat(stack.redis().timeLeft(id)).isGreaterThan(LEFT);
    }

    @Test
    @DisplayName("S1 who has signed off is gone (410) from the answer on, and a forged cookie nobody's (404)")
    void whoHasSignedOffIsGone() {
        String sso = alice.sso();
        String token = stack.keycloak().readerToken();
        assertThat(ask(token, sso, true).status()).isEqualTo(200);
        assertThat(alice.signOff("projects").status()).isEqualTo(303);

        for (int i = 0; i < ENOUGH_FOR_EVERYBODY; i++) {
            assertThat(ask(token, sso, i % 2 == 0).status()).isEqualTo(410);
        }
        String forged = SignedCookie.of(SignedCookie.idOf(sso), "z".repeat(40));
        assertThat(ask(token, forged, false).status()).isEqualTo(404);
        Everywhere.assertUnknown(stack, sso);
    }

    @Test
    @DisplayName(
            "A2 without the role 403, with a token for another service or none 401, also for whoever has alice's cookie")
    void nobodyElseIsTold() {
        String ofAlice =
                stack.keycloak().tokens("e2e-cli", "alice").path("access_token").asText();
        // Made for the users service alone, so the door that asks any service will not do: its answer would be chance.
        String ofProjects = stack.keycloak().serviceToken("projects");

        assertRefused(ask(insideOf("users"), ofAlice, alice.sso(), false), 403);
        assertRefused(ask(insideOf("projects"), ofAlice, alice.sso(), false), 403);
        assertRefused(ask(insideOf("users"), ofProjects, alice.sso(), false), 403);
        assertRefused(ask(insideOf("projects"), ofProjects, alice.sso(), false), 401);
        assertRefused(alice.post(inside(), "application/json", question(alice.sso(), false)), 401);
    }

    private static void assertRefused(Answer answer, int status) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.body()).doesNotContain("alice");
    }

    @Test
    @DisplayName("E1 the front door has no such address, whoever asks")
    void theFrontDoorHasNoSuchAddress() {
        String token = stack.keycloak().readerToken();
        for (String path : new String[] {"/service/session", "/users/service/session", "/projects/service/session"}) {
            assertThat(ask(path, token, alice.sso(), false).status()).as(path).isEqualTo(404);
        }
    }

    private Answer ask(String token, String sso, boolean activity) {
        return ask(inside(), token, sso, activity);
    }

    private Answer ask(String where, String token, String sso, boolean activity) {
        return backend.post(where, "application/json", question(sso, activity), "Authorization", "Bearer " + token);
    }

    private String inside() {
        return stack.internal() + "/service/session";
    }

    private String insideOf(String service) {
        return stack.internal() + "/" + service + "/service/session";
    }

    private static String question(String sso, boolean activity) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("cookie", sso)
                .put("activity", activity)
                .toString();
    }
}
