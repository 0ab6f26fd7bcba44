package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.acme.e2e.observers.RedisProbe;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Crowd;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Load;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** "Not there" is not "cannot tell": what people see while Redis or Kafka is unavailable, and afterwards. */
@SuppressWarnings("try") // an outage does its work by being open
@ExtendWith(OnTheStack.class)
@Order(Integer.MAX_VALUE - 10)
class OutageIT {

    private static final Duration OUTAGE = Duration.ofSeconds(10);
    private static final Duration RECOVERY = Duration.ofSeconds(30);
    /** A lease, and a request that began under it. */
    private static final Duration TRUST = Duration.ofSeconds(2);
    /** A request waits that long for a Redis that is silent instead of refusing, and may see it come back. */
    private static final Duration WAIT = Duration.ofSeconds(2);

    private static final List<String> PAGES =
            List.of("/users/api/me", "/projects/api/projects", "/users/profile", "/projects/");

    @Test
    @DisplayName(
            "O1 Redis unavailable for 10 s under load: 503 with Retry-After, no Set-Cookie, and every session is there after")
    void sessionsSurviveRedisOutage(Stack stack) {
        List<Visitor> people = Crowd.signIn(stack, 6);
        Set<String> before = stack.redis().keys("*sess:*");
        List<Load.Sample> samples;
        Instant away;
        Instant back;

        try (Load load = Load.of(people, PAGES)) {
            Instant start = Instant.now();
            await("load").atMost(RECOVERY).until(() -> load.askedSince(start.plusSeconds(1)));
            try (Outage redis = stack.without("redis")) {
                away = Instant.now();
                // Pages without a session do not miss it, and forgers learn nothing.
                assertThat(new Visitor(stack.base())
                                .get("/users/", Visitor.NAVIGATION)
                                .status())
                        .isEqualTo(200);
                String forged = SignedCookie.of(SignedCookie.freshId(), "y".repeat(40));
                Everywhere.assertUnknown(stack, forged);
                await("ten seconds without Redis")
                        .atMost(OUTAGE.plus(RECOVERY))
                        .until(() -> load.askedSince(away.plus(OUTAGE)));
                back = Instant.now();
            }
            for (Visitor person : people) {
                await("recovery").atMost(RECOVERY).untilAsserted(() -> Everywhere.assertKnown(stack, person));
            }
            samples = load.samples();
        }

        assertThat(samples).extracting(Load.Sample::status).containsOnly(200, 503);
        assertThat(samples).noneMatch(Load.Sample::cookies);
        assertThat(samples.stream().filter(sample -> sample.status() == 503)).allMatch(Load.Sample::told);
        assertThat(samples.stream()
                        .filter(sample -> sample.sentAt().isAfter(away.plus(TRUST)))
                        .filter(sample -> sample.sentAt().isBefore(back.minus(WAIT))))
                .as("asked when no lease can be left")
                .hasSizeGreaterThan(10)
                .allMatch(sample -> sample.status() == 503);
        assertThat(stack.redis().keys("*sess:*")).containsAll(before);
    }

    @Test
    @DisplayName("O1 L4 Redis killed: what was on disk before is there after, the sessions and the end of one")
    void sessionsSurviveKilledRedis(Stack stack) {
        List<Visitor> people = Crowd.signIn(stack, 4);
        Visitor gone = people.get(0);
        List<Visitor> others = people.subList(1, people.size());
        String ended = gone.sso();
        assertThat(gone.signOff("users").status()).isEqualTo(303);
        Set<String> before = stack.redis().keys("*sess:*");
        // The append-only file is synced once a second: what is younger may be lost, and is not what this is about.
        stack.redis().sync();

        try (Outage redis = stack.killed("redis")) {
            Everywhere.ask(stack, ended).forEach((at, status) -> assertThat(status)
                    .as("at %s: forgotten, and nobody to ask", at)
                    .isEqualTo(503));
        }

        for (Visitor person : others) {
            await("recovery").atMost(RECOVERY).untilAsserted(() -> Everywhere.assertKnown(stack, person));
        }
        Everywhere.assertUnknown(stack, ended);
        assertThat(stack.redis().keys("*sess:*")).containsAll(before);
        assertThat(stack.redis().record(SignedCookie.idOf(ended))).containsEntry("state", "ended");
    }

    @Test
    @DisplayName("O1 while Redis is unavailable a sign-off says so, deletes no cookie, and works afterwards")
    void signOffWithoutRedisSaysSo(Stack stack) {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        String sso = alice.sso();

        try (Outage redis = stack.without("redis")) {
            Answer answer = alice.signOff("projects");
            assertThat(answer.status()).as("%s", answer).isEqualTo(503);
            assertThat(answer.header("Retry-After")).isPresent();
            assertThat(answer.setCookies()).isEmpty();
        }

        await("recovery").atMost(RECOVERY).untilAsserted(() -> Everywhere.assertKnown(stack, sso));
        assertThat(alice.signOff("projects").status()).isEqualTo(303);
        Everywhere.assertUnknown(stack, sso);
    }

    @Test
    @DisplayName("O2 Redis hanging: requests are bounded, say 503, and recover without a restart")
    void hangingRedisIsBounded(Stack stack) {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        String cold = SignedCookie.of(SignedCookie.freshId(), stack.secrets().cookieSecret());

        try (Outage redis = stack.paused("redis")) {
            Instant start = Instant.now();
            Everywhere.askLater(stack, Everywhere.withCookie(stack, cold)).forEach((at, later) -> {
                Answer answer = Visitor.joined(later);
                assertThat(answer.status()).as("%s", answer).isEqualTo(503);
                assertThat(answer.header("Retry-After")).isPresent();
                assertThat(answer.setCookies()).isEmpty();
            });
            assertThat(Duration.between(start, Instant.now()))
                    .as("2 s at most, and some work")
                    .isLessThan(Duration.ofSeconds(4));
        }

        await("recovery").atMost(RECOVERY).untilAsserted(() -> Everywhere.assertKnown(stack, alice));
    }

    @Test
    @DisplayName(
            "O3 S1 Kafka unavailable: sign-in, requests and sign-off work, and nothing is accepted after the answer")
    void worksWithoutKafka(Stack stack) {
        Visitor early = new Visitor(stack.base());
        early.signIn("alice", "/users/profile");
        Everywhere.assertKnown(stack, early);

        try (Outage kafka = stack.without("kafka")) {
            assertSignOffIsComplete(stack, early);
            await("nobody to trust their memory")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> stack.redis().leases() == 0);
            for (int i = 0; i < 5; i++) {
                Visitor person = new Visitor(stack.base());
                person.signIn(i % 2 == 0 ? "alice" : "bob", "/projects/");
                Everywhere.assertKnown(stack, person);
                assertSignOffIsComplete(stack, person);
            }
        }

        Visitor late = new Visitor(stack.base());
        late.signIn("alice", "/users/profile");
        await("everybody to trust their memory again")
                .atMost(Duration.ofSeconds(60))
                .until(() -> Everywhere.allHoldLeases(stack, late));
        Everywhere.assertKnown(stack, late);
        assertSignOffIsComplete(stack, late);
    }

    @Test
    @Tag("long")
    @DisplayName(
            "O4 Keycloak unavailable: who is signed in goes on and can sign off, a sign-in says that it has to wait")
    void worksWithoutKeycloak(Stack stack) {
        List<Visitor> people = Crowd.signIn(stack, 2);
        Visitor alice = people.get(0);
        Visitor bob = people.get(1);

        try (Outage keycloak = stack.without("keycloak")) {
            people.forEach(person -> Everywhere.assertKnown(stack, person));
            assertThat(bob.open("/projects/").status()).isEqualTo(200);
            String sso = alice.sso();
            assertThat(alice.signOff("users").status()).isIn(200, 303);
            Everywhere.assertUnknown(stack, sso);

            Answer page = new Visitor(stack.base()).open("/users/profile");
            assertThat(page.status()).as("%s", page).isEqualTo(503);
            assertThat(page.header("Retry-After")).isPresent();
            assertThat(page.body()).contains("Signing in is not possible").doesNotContain("Exception", "nginx");
        }

        Everywhere.assertKnown(stack, bob);
        new Visitor(stack.base()).signIn("alice", "/users/profile");
    }

    private static void assertSignOffIsComplete(Stack stack, Visitor person) {
        String sso = person.sso();
        Instant start = Instant.now();
        Answer answer = person.signOff("users");
        Duration took = Duration.between(start, Instant.now());

        Everywhere.assertUnknown(stack, sso);
        assertThat(answer.status()).as("%s", answer).isEqualTo(303);
        assertThat(took).as("a lease, and some work").isLessThan(Duration.ofMillis(2500));
        assertThat(stack.redis().exists(RedisProbe.expressKey(SignedCookie.idOf(sso))))
                .isFalse();
    }
}
