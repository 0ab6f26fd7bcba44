package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.acme.e2e.observers.RedisWatch;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a request with a session costs, by Redis' own account. */
@ExtendWith(OnTheStack.class)
@Order(Integer.MAX_VALUE - 8) // when the tests of the modules, which run beside these, have ended
@SuppressWarnings("try") // an outage does its work by being open
class CostIT {

    private static final int AT_ONCE = 500;
    private static final int SIGN_OFFS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** As in the first moments after a start, and for as long as the test needs. */
    private static final String NO_MEMORY = "SSO_CACHE_ENABLED=false";

    @Test
    @DisplayName("a signed-in request costs at most one round trip to Redis, by MONITOR (C3 has the forged ones: none)")
    void oneRoundTripAtMost(Stack stack) {
        Visitor bob = new Visitor(stack.base());
        bob.signIn("bob", "/users/profile");
        String id = SignedCookie.idOf(bob.sso());
        int requests = 0;

        try (RedisWatch watch = stack.redis().watch()) {
            for (Instance instance : stack.instances()) {
                for (int i = 0; i < 25; i++) {
                    int before = roundTrips(watch, id);
                    assertThat(bob.get(instance.whoAmI(), Visitor.SCRIPT).status())
                            .isEqualTo(200);
                    assertThat(roundTrips(watch, id) - before)
                            .as("for one request to %s", instance)
                            .isLessThanOrEqualTo(1);
                    requests++;
                }
            }
            assertThat(roundTrips(watch, id))
                    .as("the watch sees them, and most requests need none")
                    .isPositive()
                    .isLessThan(requests);
        }
    }

    @Test
    @DisplayName("S1 an instance that nobody uses has no lease; used again, it remembers, and a sign-off is complete")
    void atRest(Stack stack) {
        int others = stack.instances().size() - 1;
        try (Outage restful = stack.withSettings("users-1", "SSO_CACHE_REST_AFTER=2s")) {
            Visitor bob = new Visitor(stack.base());
            bob.signIn("bob", "/users/profile");
            String sso = bob.sso();
            for (int i = 0; i < 2; i++) {
                await("leases").atMost(PATIENCE).until(() -> Everywhere.allHoldLeases(stack, bob));
                await("rest").atMost(PATIENCE).until(() -> stack.redis().leases() == others);
                Everywhere.assertKnown(stack, bob);
            }
            await("rest").atMost(PATIENCE).until(() -> stack.redis().leases() == others);
            assertThat(bob.signOff("users").status()).isEqualTo(303);
            Everywhere.assertUnknown(stack, sso);
        }
    }

    @Test
    @DisplayName(
            "500 requests at once, one session, at an instance that has just started and holds no lease: 500 answers,"
                    + " and far fewer questions to Redis")
    void fiveHundredOfOneSession(Stack stack) {
        Visitor bob = new Visitor(stack.base());
        bob.signIn("bob", "/users/profile");
        String id = SignedCookie.idOf(bob.sso());

        try (Outage restarted = stack.withSettings("users-1", NO_MEMORY);
                RedisWatch watch = stack.redis().watch()) {
            assertAllKnown(stack, bob);
            assertThat(roundTrips(watch, id)).isPositive().isLessThan(AT_ONCE / 4);
        }
    }

    @Test
    @DisplayName(
            "a sign-off sends the same commands to Redis while somebody has the live view open as it does otherwise")
    void watchingCostsASignOffNothing(Stack stack) throws IOException {
        assumeFalse(Stack.IN_CONTAINERS, "containers have names of their own");
        commandsOfASignOff(stack); // Redis gets a script's text once
        List<String> unwatched = fewestCommandsOfASignOff(stack);
        assertThat(unwatched).isNotEmpty();
        HttpURLConnection view = (HttpURLConnection)
                URI.create(stack.base() + "/users/live/events").toURL().openConnection();
        view.setReadTimeout(20_000);
        try (BufferedReader stream =
                new BufferedReader(new InputStreamReader(view.getInputStream(), StandardCharsets.UTF_8))) {
            readTo(stream, "\"name\":\"projects-2\"");
            assertThat(fewestCommandsOfASignOff(stack)).isEqualTo(unwatched);
            readTo(stream, "\"what\":\"answered\"");
        }
    }

    private static void readTo(BufferedReader stream, String text) throws IOException {
        String line = stream.readLine();
        while (line != null && !line.contains(text)) {
            line = stream.readLine();
        }
        assertThat(line).as("a line of the stream").contains(text);
    }

    /** Of some sign-offs, for Keycloak's logout token may come before one has ended, and then it is done twice. */
    private static List<String> fewestCommandsOfASignOff(Stack stack) {
        return Stream.generate(() -> commandsOfASignOff(stack))
                .limit(SIGN_OFFS)
                .min(Comparator.comparingInt(List::size))
                .orElseThrow();
    }

    /** Its commands and scripts, without keys and values; what leases and views send by themselves is left out. */
    private static List<String> commandsOfASignOff(Stack stack) {
        Visitor bob = new Visitor(stack.base());
        bob.signIn("bob", "/users/profile");
        String id = SignedCookie.idOf(bob.sso());
        Instance instance = stack.instances("users").get(0);
        assertThat(bob.get(instance.whoAmI(), Visitor.SCRIPT).status()).isEqualTo(200);
        try (RedisWatch watch = stack.redis().watch()) {
            assertThat(bob.post(instance.url("/users/auth/sign-off"), "application/x-www-form-urlencoded", "")
                            .status())
                    .isEqualTo(303);
            return watch.commands().stream()
                    .filter(line -> !line.matches("\\S+ \\[\\d+ lua] .*"))
                    .map(line -> line.replaceFirst("^\\S+ \\[[^\\]]*] ", ""))
                    .filter(command -> command.contains(id) || !command.contains("sess:"))
                    .filter(
                            command -> !command.matches(
                                    "(?i)\"(auth|hello|time|ping|echo)\".*|\"publish\" \"projects-changes\".*|\"zrange\" \"leases\".*|.* \"leases\" \"[0-9a-f-]{36}\" \"\\d+\" \"[01]\""))
                    // An instance that runs a script for the first time sends its text.
                    .map(command -> command.replaceFirst("(?i)^\"eval(sha)?\" .*", "script"))
                    .map(command ->
                            command.replaceAll("^(\\S+ \\S+).*", "$1").replaceAll("(idx|ended-sid|jti)\\S*", "$1"))
                    .sorted()
                    .toList();
        }
    }

    private static void assertAllKnown(Stack stack, Visitor visitor) {
        Instance instance = stack.instances("users").get(0);
        assertThat(instance.name()).isEqualTo("users-1");
        List<CompletableFuture<Answer>> answers = Stream.generate(
                        () -> visitor.getAsync(instance.whoAmI(), Visitor.SCRIPT))
                .limit(AT_ONCE)
                .toList();
        assertThat(answers)
                .extracting(answer -> Visitor.joined(answer).status())
                .hasSize(AT_ONCE)
                .containsOnly(200);
    }

    /** Commands about that session, those left out that a script ran inside Redis. */
    private static int roundTrips(RedisWatch watch, String id) {
        return (int) watch.commands().stream()
                .filter(line -> line.contains(id))
                .filter(line -> !line.matches("\\S+ \\[\\d+ lua] .*"))
                .count();
    }
}
