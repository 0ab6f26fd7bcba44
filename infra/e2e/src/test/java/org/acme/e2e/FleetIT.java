package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.acme.e2e.observers.LogScan;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Crowd;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Load;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many requests, several instances, and one that dies. */
@SuppressWarnings("try") // an outage does its work by being open
@ExtendWith(OnTheStack.class)
@Order(Integer.MAX_VALUE - 20)
class FleetIT {

    private static final int AT_ONCE = 200;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @Test
    @DisplayName("E6 200 concurrent signed-in requests to one instance: 200 answers")
    void twoHundredAtOnce(Stack stack) {
        List<Visitor> people = Crowd.signIn(stack, 4);
        for (Instance instance : List.of(
                stack.instances("users").get(0), stack.instances("projects").get(0))) {
            for (int round = 0; round < 2; round++) {
                List<CompletableFuture<Answer>> answers = new ArrayList<>();
                for (int i = 0; i < AT_ONCE; i++) {
                    answers.add(people.get(i % people.size()).getAsync(instance.whoAmI(), Visitor.SCRIPT));
                }
                assertThat(answers)
                        .extracting(answer -> Visitor.joined(answer).status())
                        .containsOnly(200);
            }
        }
    }

    @Test
    @DisplayName(
            "in the demonstration, the foot of a page names the instance that answered, and whether the session came from its cache")
    void namedInstances(Stack stack) {
        assumeFalse(Stack.IN_CONTAINERS, "containers have names of their own");
        for (Instance instance : stack.instances("users")) {
            assertThat(new Visitor(stack.base())
                            .get(instance.url("/users/"), Visitor.NAVIGATION)
                            .body())
                    .contains("Answered by <span data-testid=\"instance\">" + instance.name() + "</span>");
        }
        Visitor bob = new Visitor(stack.base());
        bob.signIn("bob", "/users/profile");
        String home = stack.instances("users").get(0).url("/users/");
        await("the second of two requests").atMost(TIMEOUT).until(() -> bob.get(home, Visitor.NAVIGATION)
                .body()
                .contains("<span data-testid=\"session-from\">its cache</span>"));
    }

    @Test
    @DisplayName("in the demonstration, the page after a sign-off tells who confirmed it, and believes no address")
    void theSignedOutPageTells(Stack stack) {
        Visitor bob = new Visitor(stack.base());
        bob.signIn("bob", "/users/profile");
        // An instance that nobody uses has no lease, and is not asked.
        await("leases").atMost(TIMEOUT).until(() -> Everywhere.allHoldLeases(stack, bob));
        String told = bob.signOff("users").location().toString();
        assertThat(told).contains("/users/auth/signed-off?receipt=");
        // Any instance of any service can read it, and nothing else.
        String elsewhere = told.replaceFirst(".*(/auth/signed-off)", "/projects$1");
        assertThat(bob.get(elsewhere, Visitor.NAVIGATION).body())
                .containsPattern("All \\d instances that may have cached your session confirmed .* It took \\d+ ms\\.");
        for (String forged :
                new String[] {told.substring(0, told.length() - 4) + "AAAA", told.replaceAll("=.*", "=4"), ""}) {
            String path = forged.isEmpty() ? "/users/auth/signed-off" : forged.replaceFirst("^https?://[^/]*", "");
            assertThat(bob.get(path, Visitor.NAVIGATION).body())
                    .contains("You are signed out of every service")
                    .doesNotContain("It took");
        }
    }

    @Test
    @DisplayName("E6 200 concurrent questions to Redis by one instance: 200 answers, none of them an error")
    void twoHundredQuestionsAtOnce(Stack stack) {
        Instance instance = stack.instances("users").get(0);
        List<CompletableFuture<Answer>> answers = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            // Signed, and not known: no memory can answer for Redis.
            String sso = SignedCookie.of(SignedCookie.freshId(), stack.secrets().cookieSecret());
            answers.add(Everywhere.withCookie(stack, sso).getAsync(instance.whoAmI(), Visitor.SCRIPT));
        }
        assertThat(answers)
                .extracting(answer -> Visitor.joined(answer).status())
                .containsOnly(401);
    }

    @Test
    @DisplayName("E6 requests of one browser are spread over the instances, without sticky sessions")
    void requestsAreSpread(Stack stack) {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        List<Long> before =
                stack.instances().stream().map(i -> served(stack, i)).toList();

        for (int i = 0; i < 40; i++) {
            assertThat(alice.get("/users/api/me", Visitor.SCRIPT).status()).isEqualTo(200);
            assertThat(alice.get("/projects/api/projects", Visitor.SCRIPT).status())
                    .isEqualTo(200);
        }

        await("nginx' log").atMost(TIMEOUT).untilAsserted(() -> {
            for (int i = 0; i < stack.instances().size(); i++) {
                assertThat(served(stack, stack.instances().get(i)) - before.get(i))
                        .as("requests served by %s", stack.instances().get(i))
                        .isGreaterThanOrEqualTo(10);
            }
        });
    }

    @Test
    @DisplayName("E6 an instance dies under load, and no safe request fails")
    void noSafeRequestFailsWhenAnInstanceDies(Stack stack) {
        List<Visitor> people = Crowd.signIn(stack, 4);
        Instance victim = stack.instances("users").get(0);
        List<Load.Sample> samples;

        try (Load load = Load.of(people, List.of("/users/api/me", "/projects/api/projects", "/users/profile"))) {
            Instant start = Instant.now();
            await("load").atMost(TIMEOUT).until(() -> load.askedSince(start.plusSeconds(1)));
            try (Outage instance = stack.killed(victim.name())) {
                Instant killed = Instant.now();
                await("load without it").atMost(TIMEOUT).until(() -> load.askedSince(killed.plusSeconds(3)));
            }
            Instant back = Instant.now();
            await("load with it").atMost(TIMEOUT).until(() -> load.askedSince(back.plusSeconds(1)));
            samples = load.samples();
        }

        assertThat(samples).hasSizeGreaterThan(100);
        assertThat(samples.stream().filter(sample -> sample.status() != 200)).isEmpty();
        for (Visitor person : people) {
            Everywhere.assertKnown(stack, person);
        }
    }

    @Test
    @DisplayName("S1 a killed instance delays a sign-off by a lease at most, and accepts nothing when it is back")
    void killedInstanceDoesNotHoldUpASignOff(Stack stack) {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/projects/");
        String sso = alice.sso();
        Everywhere.assertKnown(stack, sso);

        try (Outage instance = stack.killed("projects-2")) {
            Instant start = Instant.now();
            assertThat(alice.signOff("users").status()).isEqualTo(303);
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofMillis(2500));
        }

        Everywhere.assertUnknown(stack, sso);
    }

    @Test
    @DisplayName("S1 an instance that hangs during a sign-off accepts nothing when it wakes up")
    void hangingInstanceAcceptsNothingAfterwards(Stack stack) {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/projects/");
        String sso = alice.sso();
        Everywhere.assertKnown(stack, sso);

        Instance stuck = stack.instances("projects").get(0);
        CompletableFuture<Answer> later;
        try (Outage instance = stack.paused(stuck.name())) {
            Answer answer = alice.signOff("users");
            assertThat(answer.status()).as("%s", answer).isEqualTo(303);
            // Sent after the answer, served when the instance wakes up with its memory as it was.
            later = Everywhere.withCookie(stack, sso).getAsync(stuck.whoAmI(), Visitor.SCRIPT);
        }
        assertThat(Visitor.joined(later).status()).isEqualTo(401);

        Everywhere.assertUnknown(stack, sso);
    }

    /** How many requests nginx has handed to that instance, by nginx' own access log. */
    private static long served(Stack stack, Instance instance) {
        return LogScan.logs(stack.logs()).stream()
                .filter(log -> log.endsWith("nginx-access.log"))
                .mapToLong(log -> {
                    try (var lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
                        return lines.filter(line -> line.contains(instance.upstream()))
                                .count();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .sum();
    }
}
