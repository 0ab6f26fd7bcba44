package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.acme.e2e.stack.Wire;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One refresh per expiry, across the whole fleet. Proved by Keycloak's own event log. */
@ExtendWith(OnTheStack.class)
class RefreshIT {

    private static final int REQUESTS = 100;
    private static final int ROUNDS = 3;

    @Test
    @DisplayName("R1 100 parallel requests over 4 instances on an expired token: 100 answers, exactly one grant")
    void oneGrantForAHundredRequests(Stack stack) {
        oneGrantForAHundredRequests(stack, ROUNDS);
    }

    @Test
    @Tag("long")
    @DisplayName("R1 the same ten times in a row")
    void oneGrantTenTimesInARow(Stack stack) {
        oneGrantForAHundredRequests(stack, 10);
    }

    private static void oneGrantForAHundredRequests(Stack stack, int rounds) {
        for (int round = 0; round < rounds; round++) {
            Visitor alice = new Visitor(stack.base());
            // No further than the callback, whose answer sets the cookie: no instance has read this session yet, so
            // none
            // can answer from memory, and each has to find out by itself that the token has expired.
            URI callback = alice.signInUpToCallback("alice", "/users/profile");
            alice.get(callback.toString(), Visitor.NAVIGATION);
            String sso = alice.sso();
            String id = SignedCookie.idOf(sso);
            Map<String, String> before = expire(stack, id);
            Instant start = Instant.now();

            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < REQUESTS; i++) {
                Instance instance = stack.instances().get(i % stack.instances().size());
                answers.add(alice.getAsync(instance.whoAmI(), Visitor.SCRIPT));
            }

            assertThat(answers)
                    .extracting(answer -> Visitor.joined(answer).status())
                    .containsOnly(200);
            assertThat(stack.keycloak().events("REFRESH_TOKEN", start)).isEqualTo(1);
            assertThat(stack.keycloak().events("REFRESH_TOKEN_ERROR", start)).isZero();
            Map<String, String> after = stack.redis().record(id);
            assertThat(revision(after)).isEqualTo(revision(before) + 1);
            assertThat(Long.parseLong(after.get("accessExpires")))
                    .isGreaterThan(Instant.now().toEpochMilli());
            assertThat(after.get("refresh")).isNotEqualTo(before.get("refresh"));
            assertThat(alice.sso()).as("R4: the id does not change").isEqualTo(sso);
        }
    }

    @Test
    @DisplayName("R1 R4 the rotated refresh token is good for the next expiry, under the same session id")
    void refreshesAgainAndAgain(Stack stack) {
        Visitor bob = new Visitor(stack.base());
        bob.signIn("bob", "/projects/");
        String id = SignedCookie.idOf(bob.sso());
        Instant start = Instant.now();

        for (int expiry = 1; expiry <= 2; expiry++) {
            long revision = revision(expire(stack, id));
            // An instance may cache the session as it was for a few seconds; then it looks again and refreshes.
            await("the refresh").atMost(Duration.ofSeconds(30)).until(() -> {
                Everywhere.assertKnown(stack, bob);
                return revision(stack.redis().record(id)) == revision + 1;
            });
        }

        assertThat(stack.keycloak().events("REFRESH_TOKEN", start)).isEqualTo(2);
        assertThat(stack.keycloak().events("REFRESH_TOKEN_ERROR", start)).isZero();
    }

    @Test
    @DisplayName(
            "R2 R3 Keycloak silent for longer than the lock: 503 in time, nobody is signed out, and one grant when it goes on")
    void aSilentProviderIsAskedOnce(Stack stack) {
        Visitor bob = new Visitor(stack.base());
        URI callback = bob.signInUpToCallback("bob", "/users/profile");
        bob.get(callback.toString(), Visitor.NAVIGATION);
        String id = SignedCookie.idOf(bob.sso());
        long revision = revision(expire(stack, id));
        Instant start = Instant.now();

        try (Outage silence = stack.paused("keycloak")) {
            assertThat(silence).isNotNull();
            // Each waits for 5 s, as long as the lock lasts whose holder is dead: this one is alive, and extends it.
            Everywhere.askLater(stack, bob).forEach((at, later) -> {
                Answer answer = Visitor.joined(later);
                assertThat(answer.status()).as("%s", answer).isEqualTo(503);
                assertThat(answer.header("Retry-After")).isPresent();
                assertThat(answer.setCookies()).isEmpty();
            });
            assertThat(Duration.between(start, Instant.now())).isGreaterThan(Duration.ofSeconds(4));
            assertThat(stack.redis().exists("{sess:" + id + "}:refresh")).isTrue();
        }

        await("the grant").atMost(Duration.ofSeconds(30)).untilAsserted(() -> Everywhere.assertKnown(stack, bob));
        assertThat(revision(stack.redis().record(id))).isEqualTo(revision + 1);
        assertThat(stack.keycloak().events("REFRESH_TOKEN", start)).isEqualTo(1);
        assertThat(stack.keycloak().events("REFRESH_TOKEN_ERROR", start)).isZero();
    }

    @Test
    @DisplayName(
            "R2 L3 a holder that died with the new tokens in hand: the session ends cleanly, one new sign-in, never a loop")
    void aSpentTokenEndsTheSession(Stack stack) {
        Visitor bob = new Visitor(stack.base());
        bob.signIn("bob", "/users/profile");
        String id = SignedCookie.idOf(bob.sso());
        // As the record was before a refresh that Keycloak granted and nobody wrote down.
        Map<String, String> before = expire(stack, id);
        await("the refresh").atMost(Duration.ofSeconds(30)).until(() -> {
            Everywhere.assertKnown(stack, bob);
            return revision(stack.redis().record(id)) == revision(before) + 1;
        });
        before.forEach((field, value) -> stack.redis().setField(id, field, value));
        Instant start = Instant.now();

        await("memories to look again")
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> Everywhere.assertUnknown(stack, bob));

        assertThat(stack.redis().record(id))
                .containsEntry("state", "ended")
                .containsEntry("endReason", "refresh-refused");
        assertThat(stack.keycloak().events("REFRESH_TOKEN_ERROR", start)).isEqualTo(1);
        Answer page = bob.open("/users/profile");
        if (page.asksForPassword()) {
            bob.follow(bob.submit(page, "bob"));
        }
        Everywhere.assertKnown(stack, bob);
    }

    @Test
    @Tag("long")
    @SuppressWarnings("try") // an outage does its work by being open
    @DisplayName(
            "R2 the holder killed before the provider heard it: the lock runs out, another instance gets the one grant")
    void aKilledHolderIsReplaced(Stack stack) {
        Instance holder = stack.instances("users").get(0);
        List<Instance> others =
                stack.instances().stream().filter(i -> !i.equals(holder)).toList();
        try (Wire wire = Wire.to(stack.keycloakPort());
                Outage moved = stack.withSettings(
                        holder.name(), "SSO_PROVIDERS_KEYCLOAK_URL=http://127.0.0.1:" + wire.port() + "/realms/sso")) {
            Visitor bob = new Visitor(stack.base());
            URI callback = bob.signInUpToCallback("bob", "/users/profile");
            bob.get(callback.toString(), Visitor.NAVIGATION);
            String sso = bob.sso();
            String id = SignedCookie.idOf(sso);
            long revision = revision(expire(stack, id));
            Instant start = Instant.now();

            wire.delay(Wire.ENDLESS);
            CompletableFuture<Answer> waiting = bob.getAsync(holder.whoAmI(), Visitor.SCRIPT);
            await("the holder to hold the lock").atMost(Duration.ofSeconds(20)).until(() -> stack.redis()
                    .exists("{sess:" + id + "}:refresh"));
            try (Outage dead = stack.killed(holder.name())) {
                assertThat(waiting).failsWithin(Duration.ofSeconds(10));
                assertThat(stack.redis().exists("{sess:" + id + "}:refresh")).isTrue();
                await("the lock to run out, and the grant")
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> others.stream()
                                .map(other ->
                                        bob.get(other.whoAmI(), Visitor.SCRIPT).status())
                                .peek(status -> assertThat(status).isIn(200, 503))
                                .allMatch(status -> status == 200));
                wire.delay(Duration.ZERO);
            }

            Everywhere.assertKnown(stack, bob);
            assertThat(revision(stack.redis().record(id))).isEqualTo(revision + 1);
            assertThat(stack.keycloak().events("REFRESH_TOKEN", start)).isEqualTo(1);
            assertThat(stack.keycloak().events("REFRESH_TOKEN_ERROR", start)).isZero();
            assertThat(bob.sso()).as("R4: the id does not change").isEqualTo(sso);
        }
    }

    /** Makes the access token look expired to whoever reads the session next. */
    private static Map<String, String> expire(Stack stack, String id) {
        stack.redis()
                .setField(
                        id,
                        "accessExpires",
                        Long.toString(Instant.now().minusSeconds(60).toEpochMilli()));
        return stack.redis().record(id);
    }

    private static long revision(Map<String, String> record) {
        return Long.parseLong(record.get("tokensRev"));
    }
}
