package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.acme.e2e.observers.RedisProbe;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where one is signed in, sessions that others began, and what a fail-over forgets. */
@ExtendWith(OnTheStack.class)
class SessionsIT {

    private static final String FORM = "application/x-www-form-urlencoded";

    private Stack stack;

    @BeforeEach
    void remember(Stack stack) {
        this.stack = stack;
    }

    @Test
    @DisplayName(
            "L7 S8 one device ended from another: refused everywhere from the answer on, and it has to sign in anew")
    void oneDeviceIsEndedFromAnother() {
        Visitor laptop = signedIn("bob");
        List<String> before = stack.keycloak().sessions("bob");
        Visitor phone = signedIn("bob");
        List<String> opened = new ArrayList<>(stack.keycloak().sessions("bob"));
        opened.removeAll(before);
        Everywhere.assertKnown(stack, phone);

        Answer answer = laptop.post("/users/sessions/end", FORM, "handle=" + handleOfTheNewestOther(laptop));

        Everywhere.assertUnknown(stack, phone.sso());
        assertThat(answer.location()).isEqualTo(URI.create(stack.base() + "/users/sessions?done=ended"));
        Everywhere.assertKnown(stack, laptop);
        assertThat(stack.keycloak().sessions("bob"))
                .doesNotContainAnyElementsOf(opened)
                .containsAll(before);
        assertThat(phone.open("/users/profile").asksForPassword()).isTrue();
    }

    @Test
    @DisplayName("L7 all others are ended, the own session stays; and then all, with the own cookie")
    void allOthersAndAll() {
        Visitor tablet = signedIn("bob");
        Visitor laptop = signedIn("bob");

        laptop.post("/users/sessions/end-others", FORM, "");
        Everywhere.assertUnknown(stack, tablet.sso());
        Everywhere.assertKnown(stack, laptop);
        assertThat(sessionsOf(laptop)).hasSize(1);

        String sso = laptop.sso();
        laptop.post("/users/sessions/end-all", FORM, "");
        Everywhere.assertUnknown(stack, sso);
        assertThat(laptop.cookies().value(Site.COOKIE)).isEmpty();
    }

    @Test
    @DisplayName("L7 an administrator finds a user and signs them off everywhere; nobody else may")
    void administratorsEndOthersSessions() {
        List<String> before = stack.keycloak().sessions("bob");
        Visitor bob = signedIn("bob");
        List<String> opened = new ArrayList<>(stack.keycloak().sessions("bob"));
        opened.removeAll(before);
        assertThat(opened).hasSize(1);
        Visitor alice = signedIn("alice");
        assertThat(bob.get("/users/admin/sessions?q=alice", Visitor.NAVIGATION).status())
                .isEqualTo(403);

        JsonNode found =
                alice.get("/users/api/sessions/users?q=BOB", Visitor.SCRIPT).json();
        assertThat(found).hasSize(1);
        String key = found.path(0).path("key").asText();
        alice.post("/users/admin/sessions/" + key + "/end-all", FORM, "");

        Everywhere.assertUnknown(stack, bob.sso());
        Everywhere.assertKnown(stack, alice);
        assertThat(stack.keycloak().sessions("bob")).doesNotContainAnyElementsOf(opened);
    }

    @Test
    @DisplayName("S5 R5 who was signed off everywhere signs in again at once")
    void signsInAgainAtOnce() {
        Visitor alice = signedIn("alice");
        signedIn("bob");
        String key = alice.get("/users/api/sessions/users?q=bob", Visitor.SCRIPT)
                .json()
                .path(0)
                .path("key")
                .asText();
        alice.post("/users/admin/sessions/" + key + "/end-all", FORM, "");
        Everywhere.assertKnown(stack, signedIn("bob"));
    }

    @Test
    @DisplayName("L7 the list says where from and with what, and shows no session id")
    void theListShowsNoId() {
        Visitor bob = signedIn("bob");
        String page = bob.open("/users/sessions").body();
        assertThat(page).containsPattern("From <span[^>]*>(" + stack.networkOfVisitors() + ")</span>");
        assertThat(page).doesNotContain(SignedCookie.idOf(bob.sso()));
    }

    @Test
    @DisplayName(
            "L12 a fail-over that forgets an end: the refresh token revoked by it ends the session at the next refresh")
    void aForgottenEndComesBackAtTheRefresh() {
        forgetTheEndOf(signedIn("bob"));
    }

    private void forgetTheEndOf(Visitor visitor) {
        String sso = visitor.sso();
        String id = SignedCookie.idOf(sso);
        Runnable failOver = stack.redis().remembered(id);
        assertThat(visitor.signOff("users").status()).isEqualTo(303);
        Everywhere.assertUnknown(stack, sso);

        failOver.run();
        Everywhere.assertKnown(stack, sso);
        stack.redis()
                .setField(
                        id,
                        "accessExpires",
                        Long.toString(Instant.now().minusSeconds(60).toEpochMilli()));

        await("memories to look again")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> Everywhere.assertUnknown(stack, sso));
        assertThat(stack.redis().record(id))
                .containsEntry("state", "ended")
                .containsEntry("endReason", "refresh-refused");
    }

    @Test
    @DisplayName("L1 a session that a guest began is known to every instance, with the roles that a guest may grant")
    void guestsSessionsAreKnown() {
        JsonNode bob = signedIn("bob").get("/users/api/me", Visitor.SCRIPT).json();
        String id = SignedCookie.freshId();
        stack.redis()
                .setAsGuest(
                        stack.secrets().redisGuestPassword(),
                        id,
                        RedisProbe.expressJson(
                                bob.path("issuer").asText(), bob.path("subject").asText(), "[\"user\",\"admin\"]"));
        Visitor guest =
                Everywhere.withCookie(stack, SignedCookie.of(id, stack.secrets().cookieSecret()));

        Everywhere.assertKnown(stack, guest);
        assertThat(guest.get("/users/api/me", Visitor.SCRIPT).json().path("roles"))
                .hasSize(1);
        assertThat(stack.redis().record(id)).containsEntry("access", "").doesNotContainKey("refresh");
        String sso = guest.sso();
        guest.signOff("projects");
        Everywhere.assertUnknown(stack, sso);
    }

    private Visitor signedIn(String user) {
        Visitor visitor = new Visitor(stack.base());
        visitor.signIn(user, "/users/profile");
        return visitor;
    }

    private static List<JsonNode> sessionsOf(Visitor visitor) {
        List<JsonNode> sessions = new ArrayList<>();
        visitor.get("/users/api/sessions", Visitor.SCRIPT).json().forEach(sessions::add);
        return sessions;
    }

    /** The one that signed in last: other tests leave sessions of the same user behind. */
    private static String handleOfTheNewestOther(Visitor visitor) {
        return sessionsOf(visitor).stream()
                .filter(session -> !session.path("current").asBoolean())
                .max(java.util.Comparator.comparing(
                        session -> Instant.parse(session.path("startedAt").asText())))
                .map(session -> session.path("handle").asText())
                .orElseThrow();
    }
}
