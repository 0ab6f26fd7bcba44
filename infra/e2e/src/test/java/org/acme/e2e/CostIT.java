package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.witness.RedisWatch;
import org.acme.e2e.witness.SignedCookie;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a request with a session costs, by Redis' own account. */
@ExtendWith(OnTheStack.class)
class CostIT {

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

    /** Commands about that session, those left out that a script ran inside Redis. */
    private static int roundTrips(RedisWatch watch, String id) {
        return (int) watch.commands().stream()
                .filter(line -> line.contains(id))
                .filter(line -> !line.matches("\\S+ \\[\\d+ lua] .*"))
                .count();
    }
}
