package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Crowd;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.acme.e2e.stack.Wire;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A Redis that is there, and not well. (Away, killed and hanging: {@link OutageIT}.) */
@SuppressWarnings("try") // an outage does its work by being open
@ExtendWith(OnTheStack.class)
@Order(Integer.MAX_VALUE - 9)
class RedisFaultsIT {

    private static final Duration RECOVERY = Duration.ofSeconds(30);
    private static final Duration LEFT = Duration.ofMinutes(10);

    private Stack stack;
    private Visitor alice;

    @BeforeEach
    void aliceIsSignedIn(Stack stack) {
        stack.requireOneRedis();
        this.stack = stack;
        alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
    }

    @Test
    @DisplayName(
            "O2 every connection of the services killed, again and again: the next request is answered, nobody is signed out")
    void killedConnections() {
        List<Visitor> people = Crowd.signIn(stack, 4);
        for (Visitor person : people) {
            stack.redis().tell("CLIENT", "KILL", "USER", "users-service");
            stack.redis().tell("CLIENT", "KILL", "USER", "projects-service");
            Everywhere.assertKnown(stack, person);
        }
        people.forEach(person -> Everywhere.assertKnown(stack, person));
        assertThat(alice.signOff("projects").status()).isEqualTo(303);
    }

    @Test
    @DisplayName(
            "O2 a Redis that became a read-only replica: nothing begins and nothing ends, both say so, and it passes")
    void readOnlyReplica() {
        Set<String> before = stack.redis().keys("*sess:*");
        try (Outage readOnly = readOnly()) {
            assertUnavailable(alice.signOff("projects"));
            assertNoSignIn("bob");
        }
        assertThat(stack.redis().keys("*sess:*")).containsAll(before);
        assertEverythingWorksAgain();
    }

    @Test
    @DisplayName(
            "O2 L2 Redis' memory full: nobody signs in, who is signed in goes on and stays; a sign-off says that it is not complete,"
                    + " and completes when asked again")
    void fullMemory() {
        String id = SignedCookie.idOf(alice.sso());
        stack.redis().endsIn(id, LEFT);
        try (Outage full = full()) {
            // An instance may cache the session for some seconds; then it asks, and that counts as activity.
            await("activity").atMost(RECOVERY).until(() -> {
                Everywhere.assertKnown(stack, alice);
                return stack.redis().timeLeft(id).compareTo(LEFT) > 0;
            });
            assertNoSignIn("bob");
            assertUnavailable(alice.signOff("projects"));
        }
        String sso = alice.sso();
        assertThat(alice.signOff("projects").status()).isEqualTo(303);
        Everywhere.assertUnknown(stack, sso);
        alice.signIn("alice", "/users/profile");
        assertEverythingWorksAgain();
    }

    @Test
    @Tag("long")
    @DisplayName(
            "O2 Redis a second away: every answer in 2 s and some work, most of them good, and good ones alone when it is near")
    void oneSecondOfLatency() {
        Instance far = stack.instances("users").get(0);
        try (Wire wire = Wire.to(stack.redisPort());
                Outage moved = stack.withSettings(
                        far.name(),
                        "QUARKUS_REDIS_HOSTS=redis://users-service:"
                                + stack.secrets().redisPassword("users") + "@127.0.0.1:" + wire.port())) {
            await("the wire").atMost(RECOVERY).until(() -> known(far));

            wire.delay(Duration.ofMillis(500));
            for (int round = 0; round < 5; round++) {
                Instant start = Instant.now();
                Stream.generate(() -> alice.getAsync(far.whoAmI(), Visitor.SCRIPT))
                        .limit(20)
                        .toList()
                        .forEach(RedisFaultsIT::assertKnownOrUnavailable);
                assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(4));
            }
            await("an answer in spite of that").atMost(RECOVERY).until(() -> known(far));

            wire.delay(Duration.ZERO);
            await("recovery").atMost(RECOVERY).until(() -> known(far));
            Everywhere.assertKnown(stack, alice);
        }
        assertEverythingWorksAgain();
    }

    private boolean known(Instance instance) {
        return alice.get(instance.whoAmI(), Visitor.SCRIPT).status() == 200;
    }

    private static void assertKnownOrUnavailable(CompletableFuture<Answer> later) {
        Answer answer = Visitor.joined(later);
        if (answer.status() == 200) {
            assertThat(answer.setCookies()).isEmpty();
        } else {
            assertUnavailable(answer);
        }
    }

    private static void assertUnavailable(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(503);
        assertThat(answer.header("Retry-After")).isPresent();
        assertThat(answer.setCookies()).isEmpty();
    }

    /** Keycloak lets them in, and nothing of ours can be written. */
    private void assertNoSignIn(String user) {
        Visitor visitor = new Visitor(stack.base());
        URI callback = visitor.signInUpToCallback(user, "/users/profile");
        Answer page = visitor.get(callback.toString(), Visitor.NAVIGATION);
        assertThat(page.status()).as("%s", page).isEqualTo(503);
        assertThat(page.header("Retry-After")).isPresent();
        assertThat(page.header("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.body()).doesNotContain("Exception", "READONLY", "OOM");
        assertThat(visitor.cookies().value(Site.COOKIE)).isEmpty();
    }

    private void assertEverythingWorksAgain() {
        await("recovery").atMost(RECOVERY).untilAsserted(() -> Everywhere.assertKnown(stack, alice));
        Visitor bob = new Visitor(stack.base());
        bob.signIn("bob", "/projects/");
        Everywhere.assertKnown(stack, bob);
        for (Visitor person : List.of(alice, bob)) {
            String sso = person.sso();
            assertThat(person.signOff("projects").status()).isEqualTo(303);
            Everywhere.assertUnknown(stack, sso);
        }
    }

    private Outage readOnly() {
        stack.redis().tell("REPLICAOF", "127.0.0.1", Integer.toString(stack.freePort(1)));
        return () -> stack.redis().tell("REPLICAOF", "NO", "ONE");
    }

    private Outage full() {
        stack.redis().tell("CONFIG", "SET", "maxmemory", "1");
        return () -> stack.redis().tell("CONFIG", "SET", "maxmemory", "256mb");
    }
}
