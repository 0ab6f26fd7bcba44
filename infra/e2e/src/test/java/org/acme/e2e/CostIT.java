package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.acme.e2e.observers.RedisWatch;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a request with a session costs, by Redis' own account. */
@ExtendWith(OnTheStack.class)
@SuppressWarnings("try") // an outage does its work by being open
class CostIT {

    private static final int AT_ONCE = 500;
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
