package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.acme.e2e.observers.RedisWatch;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The projects ask the users service: in the name of who asks them, and on their own behalf. */
@ExtendWith(OnTheStack.class)
@SuppressWarnings("try") // an outage does its work by being open
class DownstreamIT {

    private static final String OLD_NAMES = "names-may-be-old";

    /** An instance that has just started is slow; what is asked here is how often, not how fast. */
    private static final String[] LONG_TIMEOUT = {
        "ORG_ACME_PROJECTS_CLIENT_USERSCLIENT_NAMED_TIMEOUT_VALUE=30",
        "QUARKUS_REST_CLIENT_USERS_CONNECT_TIMEOUT=10000",
        "QUARKUS_REST_CLIENT_USERS_READ_TIMEOUT=30000"
    };

    private Stack stack;
    private Visitor alice;

    @BeforeEach
    void aliceIsSignedIn(Stack stack) {
        this.stack = stack;
        alice = new Visitor(stack.base());
        alice.signIn("alice", "/projects/");
    }

    private String projectSharedWithBob() {
        Answer created = alice.post("/projects/api/projects", "application/json", "{\"name\":\"shared\"}");
        String id = created.json().path("id").asText();
        Answer shared =
                alice.post("/projects/api/projects/" + id + "/members", "application/json", "{\"name\":\"bob\"}");
        assertThat(shared.status()).as("%s", shared).isEqualTo(201);
        return "/projects/" + id;
    }

    @Test
    @DisplayName("A6 somebody who has never been here is found by the projects' own token")
    void peopleAreFoundOnItsOwnBehalf() {
        String project = projectSharedWithBob();
        assertThat(alice.open(project).body()).contains("bob").doesNotContain(OLD_NAMES);
    }

    @Test
    @DisplayName("A6 no user may look people up, and the front door has no such address")
    void noUserMayLookPeopleUp() {
        String token =
                stack.keycloak().tokens("e2e-cli", "alice").path("access_token").asText();
        List<String> bearer = List.of("Authorization", "Bearer " + token);
        Instance users = stack.instances("users").get(0);
        assertThat(alice.get(users.url("/users/service/people?name=bob"), bearer)
                        .status())
                .isEqualTo(403);
        assertThat(alice.get(stack.internal() + "/users/service/people?name=bob", bearer)
                        .status())
                .isEqualTo(403);
        assertThat(alice.get("/users/service/people?name=bob", bearer).status()).isEqualTo(404);
        assertThat(alice.get("/users/service/people?name=bob", Visitor.NAVIGATION)
                        .status())
                .isEqualTo(404);
    }

    @Test
    @DisplayName("A7 without the users service a page works, with the names of when they were written, and within 3 s")
    void pagesWorkWithoutTheUsersService() {
        String project = projectSharedWithBob();
        try (Outage one = stack.without("users-1");
                Outage two = stack.without("users-2")) {
            for (int i = 0; i < 5; i++) {
                Instant asked = Instant.now();
                Answer page = alice.open(project);
                assertThat(page.status()).isEqualTo(200);
                assertThat(page.body()).contains("bob").contains(OLD_NAMES);
                assertThat(Duration.between(asked, Instant.now())).isLessThan(Duration.ofSeconds(3));
            }
        }
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(alice.open(project).body()).doesNotContain(OLD_NAMES));
    }

    @Test
    @DisplayName("A7 E8 who has asked about too many people still gets pages, and others get names")
    void pagesWorkWithoutABudget() {
        String project = projectSharedWithBob();
        Visitor bob = new Visitor(stack.base());
        bob.signIn("bob", "/projects/");
        String subjects =
                Stream.generate(() -> "subject=" + UUID.randomUUID()).limit(100).collect(Collectors.joining("&"));
        for (Instance users : stack.instances("users")) {
            String people = users.url("/users/api/people?");
            alice.get(people + subjects, Visitor.SCRIPT);
            Answer refused =
                    alice.get(people + subjects.replaceAll("[0-9a-f]{12}(&|$)", "000000000000$1"), Visitor.SCRIPT);
            assertThat(refused.status()).as("%s", refused).isEqualTo(429);
            assertThat(refused.header("Retry-After").orElseThrow()).matches("\\d+");
            assertThat(refused.json().path("title").asText()).isEqualTo("Too many lookups");
        }
        // Whether the name is one of now depends on how much of the budget has come back.
        Answer page = alice.open(project);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("bob");
        assertThat(bob.open(project).body()).contains("bob").doesNotContain(OLD_NAMES);
    }

    @Test
    @DisplayName("A6 a service's token is fetched once under a burst")
    void serviceTokenIsFetchedOnce() {
        Answer created = alice.post("/projects/api/projects", "application/json", "{\"name\":\"burst\"}");
        String id = created.json().path("id").asText();
        askedBefore("users");
        Instance projects = stack.instances("projects").get(0);
        try (Outage fresh = stack.withSettings(projects.name(), LONG_TIMEOUT)) {
            Instant start = Instant.now();
            List<CompletableFuture<Answer>> burst = IntStream.range(0, 20)
                    .mapToObj(i -> alice.postAsync(
                            projects.url("/projects/api/projects/" + id + "/members"),
                            "application/json",
                            "{\"name\":\"nobody-" + i + "\"}",
                            List.of("Sec-Fetch-Site", "same-origin")))
                    .toList();
            burst.forEach(answer -> assertThat(Visitor.joined(answer).status())
                    .as("nobody is called that, says the users service")
                    .isEqualTo(400));
            assertThat(stack.keycloak().eventsOf("CLIENT_LOGIN", "projects-service", start))
                    .isEqualTo(1);
        }
    }

    /** Whoever answers for the first time needs longer than a question may take. */
    private void askedBefore(String service) {
        List<String> token =
                List.of("Authorization", "Bearer " + stack.keycloak().serviceToken("projects"));
        for (Instance instance : stack.instances(service)) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> alice.get(instance.url("/users/service/people?name=bob"), token)
                                    .status()
                            == 200);
        }
    }

    @Test
    @DisplayName("A6 the nightly job runs in one instance of the fleet, on its own behalf")
    void theDigestIsMadeOnce() throws IOException {
        String night = "projects:{all}:digest:" + LocalDate.now(ZoneOffset.UTC);
        stack.redis().forget(night);
        long before = digests();
        try (RedisWatch watch = stack.redis().watch();
                Outage soon = stack.withSettings("projects", "DIGEST_CRON=*/3 * * * * ?")) {
            Awaitility.await("both instances to ask three times whether the night is theirs")
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> nightsOfBoth(watch, night) >= 3);
            assertThat(digests()).isEqualTo(before + 1);
        }
    }

    /** In how many rounds of three seconds both instances tried to have that night. */
    private static long nightsOfBoth(RedisWatch watch, String night) {
        return watch.commands().stream()
                .filter(command -> command.contains("\"" + night + "\"") && command.contains("\"NX\""))
                .collect(Collectors.groupingBy(
                        command -> (long) Double.parseDouble(command.substring(0, command.indexOf(' '))) / 3,
                        Collectors.counting()))
                .values()
                .stream()
                .filter(tries -> tries == 2)
                .count();
    }

    private long digests() {
        try (Stream<java.nio.file.Path> logs = Files.list(stack.logs())) {
            return logs.filter(log -> log.getFileName().toString().matches("projects-\\d+\\.log"))
                    .flatMap(log -> {
                        try {
                            return Files.readAllLines(log).stream();
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    })
                    .filter(line -> line.contains("projects are archived; the owners of")
                            && !line.contains("an unknown number"))
                    .count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
