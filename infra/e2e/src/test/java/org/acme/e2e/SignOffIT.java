package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Crowd;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Load;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sign off in one service, and no instance of any service accepts the cookie from the answer on. */
@ExtendWith(OnTheStack.class)
class SignOffIT {

    private static final int TRIALS = Integer.getInteger("e2e.trials", 200);

    private Stack stack;

    @BeforeEach
    void remember(Stack stack) {
        this.stack = stack;
    }

    @Test
    @Timeout(300)
    @DisplayName(
            "S1 in sign-off after sign-off (200, or -De2e.trials) no request sent after the answer is accepted by any instance")
    void nothingIsAcceptedAfterTheAnswer() throws IOException {
        assertNothingIsAcceptedAfterTheAnswer(TRIALS, "sign-off");
    }

    @Test
    @Tag("long")
    @Timeout(900)
    @DisplayName("S1 the same in 500 sign-offs while others keep every instance busy")
    void nothingIsAcceptedAfterTheAnswerUnderLoad() throws IOException {
        List<String> pages = stack.instances().stream().map(Instance::whoAmI).toList();
        try (Load load = Load.of(Crowd.signIn(stack, 4), pages, Duration.ofMinutes(10))) {
            assertNothingIsAcceptedAfterTheAnswer(500, "sign-off-under-load");
            assertThat(load.samples()).hasSizeGreaterThan(1000).allMatch(sample -> sample.status() == 200);
        }
    }

    private void assertNothingIsAcceptedAfterTheAnswer(int trials, String name) throws IOException {
        List<Visitor> people = Crowd.signIn(stack, trials);
        List<Duration> times = new ArrayList<>();
        List<String> violations = new ArrayList<>();

        for (int trial = 0; trial < people.size(); trial++) {
            Visitor person = people.get(trial);
            String sso = person.sso();
            // Every instance has the session in its memory, and some are about to load it again.
            Everywhere.assertKnown(stack, sso);
            Map<String, CompletableFuture<Answer>> inFlight =
                    Everywhere.askLater(stack, Everywhere.withCookie(stack, sso));

            Instant asked = Instant.now();
            Answer answer = person.signOff(trial % 2 == 0 ? "users" : "projects");
            times.add(Duration.between(asked, Instant.now()));
            Map<String, Integer> after = Everywhere.ask(stack, sso);

            assertThat(answer.status()).as("%s", answer).isEqualTo(303);
            int number = trial;
            after.forEach((at, status) -> {
                if (status != 401) {
                    violations.add("trial " + number + ": " + at + " answered " + status);
                }
            });
            inFlight.values().forEach(Visitor::joined);
            Everywhere.assertUnknown(stack, sso);
        }

        report(name, times, violations);
        assertThat(violations).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"users", "projects"})
    @DisplayName("S1 a sign-off ends the provider's session: the next visit asks for the password")
    void providerSessionEnds(String service) {
        Visitor alice = new Visitor(stack.base());
        List<String> before = stack.keycloak().sessions("alice");
        alice.signIn("alice", "/users/profile");
        List<String> opened = new ArrayList<>(stack.keycloak().sessions("alice"));
        opened.removeAll(before);
        assertThat(opened).hasSize(1);

        Answer answer = alice.signOff(service);

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.location().toString())
                .as("not by way of the provider")
                .startsWith(stack.base());
        assertThat(stack.keycloak().sessions("alice")).doesNotContainAnyElementsOf(opened);
        assertThat(alice.open("/users/profile").asksForPassword()).isTrue();
        assertThat(alice.open("/projects/").asksForPassword()).isTrue();
    }

    @Test
    @DisplayName("S3 signing off twice, or with nobody signed in, works")
    void signingOffTwiceWorks() {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        String sso = alice.sso();

        assertThat(alice.signOff("users").status()).isEqualTo(303);
        assertThat(Everywhere.withCookie(stack, sso).signOff("projects").status())
                .isEqualTo(303);
        assertThat(new Visitor(stack.base()).signOff("users").status()).isEqualTo(303);
    }

    @Test
    @DisplayName("S8 a new sign-in over an old session ends nothing at the provider and not the user's other browser")
    void newSignInEndsNothingAtTheProvider() {
        Visitor laptop = new Visitor(stack.base());
        Visitor phone = new Visitor(stack.base());
        // The laptop's second tab stands at the provider while the first one signs in, and then goes on.
        URI secondTab = laptop.get("/projects/", Visitor.NAVIGATION).location();
        laptop.signIn("alice", "/users/profile");
        phone.signIn("alice", "/projects/");
        String old = laptop.sso();
        List<String> provider = stack.keycloak().sessions("alice");
        Instant start = Instant.now();

        laptop.open(secondTab.toString());

        assertThat(laptop.sso()).isNotEqualTo(old);
        Everywhere.assertUnknown(stack, old);
        Everywhere.assertKnown(stack, laptop);
        Everywhere.assertKnown(stack, phone);
        assertThat(stack.keycloak().sessions("alice")).containsAll(provider);
        assertThat(stack.keycloak().events("LOGOUT", start)).isZero();
    }

    @Test
    @DisplayName("S8 a sign-off in one browser leaves the same user's other browser signed in")
    void signOffEndsOneBrowserOnly() {
        Visitor laptop = new Visitor(stack.base());
        Visitor phone = new Visitor(stack.base());
        laptop.signIn("alice", "/users/profile");
        phone.signIn("alice", "/projects/");

        assertThat(laptop.signOff("projects").status()).isEqualTo(303);

        Everywhere.assertKnown(stack, phone);
        assertThat(laptop.open("/users/profile").asksForPassword()).isTrue();
        assertThat(phone.open("/users/profile").asksForPassword()).isFalse();
    }

    @Test
    @DisplayName("L4 a session that ended stays ended, whatever was being written into it")
    void endedSessionStaysEndedUnderWrites() {
        for (Visitor person : Crowd.signIn(stack, 10)) {
            String sso = person.sso();
            List<CompletableFuture<Answer>> inFlight = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                // The profile counts its visits in the session: an attribute write.
                inFlight.add(person.getAsync("/users/profile", Visitor.NAVIGATION));
                inFlight.add(person.postAsync(
                        "/projects/api/projects",
                        "application/json",
                        "{\"name\":\"late\"}",
                        List.of("Sec-Fetch-Site", "same-origin")));
            }
            assertThat(person.signOff("users").status()).isEqualTo(303);
            inFlight.forEach(
                    request -> assertThat(Visitor.joined(request).status()).isIn(200, 201, 302, 401));

            Everywhere.assertUnknown(stack, sso);
            String id = SignedCookie.idOf(sso);
            assertThat(stack.redis().json(id)).isEmpty();
            assertThat(stack.redis().record(id))
                    .containsEntry("state", "ended")
                    .doesNotContainKeys("access", "refresh");
        }
    }

    private static void report(String name, List<Duration> times, List<String> violations) throws IOException {
        Collections.sort(times);
        String report = String.format(
                Locale.ROOT,
                "S1 %s: %d sign-offs, %d violations; time to the answer: median %d ms, p99 %d ms, longest %d ms",
                name,
                times.size(),
                violations.size(),
                times.get(times.size() / 2).toMillis(),
                times.get(times.size() * 99 / 100).toMillis(),
                times.get(times.size() - 1).toMillis());
        System.out.println(report);
        Files.createDirectories(Path.of("target", "measured"));
        Files.writeString(Path.of("target", "measured", name + ".txt"), report + "\n");
    }
}
