package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.acme.e2e.people.Crowd;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** One server of several is killed: {@code -De2e.redis=sentinel} or {@code cluster}, {@code -De2e.brokers=3}. */
@SuppressWarnings("try") // an outage does its work by being open
@ExtendWith(OnTheStack.class)
@Order(Integer.MAX_VALUE - 10)
class FailoverIT {

    /** What docs/scaling.md states is a median; this is where it is no fail-over any more. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    @EnabledIfSystemProperty(named = "e2e.redis", matches = "sentinel|cluster")
    @DisplayName(
            "O5 S1 the master of Redis is killed: no restart, sessions are there, what has signed off stays signed off")
    void masterKilled(Stack stack) {
        List<Visitor> people = Crowd.signIn(stack, 4);
        Visitor gone = people.get(0);
        List<Visitor> others = people.subList(1, people.size());
        String ended = gone.sso();
        assertThat(gone.signOff("users").status()).isEqualTo(303);

        try (Outage master = stack.killed(stack.leaderOfRedis())) {
            for (Visitor person : others) {
                await("another master").atMost(LIMIT).untilAsserted(() -> Everywhere.assertKnown(stack, person));
            }
            Everywhere.assertUnknown(stack, ended);
            Visitor early = others.get(0);
            String sso = early.sso();
            await("a sign-off")
                    .atMost(LIMIT)
                    .until(() -> early.signOff("projects").status() == 303);
            Everywhere.assertUnknown(stack, sso);
        }

        Visitor late = others.get(1);
        String sso = late.sso();
        assertThat(late.signOff("users").status()).isEqualTo(303);
        Everywhere.assertUnknown(stack, sso);
        Everywhere.assertUnknown(stack, ended);
        Everywhere.assertKnown(stack, others.get(2));
    }

    @Test
    @EnabledIfSystemProperty(named = "e2e.redis", matches = "sentinel")
    @DisplayName("O5 a replica of Redis is killed: nobody notices")
    void replicaKilled(Stack stack) {
        List<Visitor> people = Crowd.signIn(stack, 2);
        try (Outage away = stack.killed(stack.replicaOfRedis())) {
            for (int round = 0; round < 10; round++) {
                people.forEach(person -> Everywhere.assertKnown(stack, person));
            }
            String sso = people.get(0).sso();
            assertThat(people.get(0).signOff("users").status()).isEqualTo(303);
            Everywhere.assertUnknown(stack, sso);
        }
        Everywhere.assertKnown(stack, people.get(1));
    }

    @Test
    @EnabledIfSystemProperty(named = "e2e.brokers", matches = "3")
    @DisplayName("O3 S1 one of three brokers is killed: sign-offs go on, and soon no instance is waited for")
    void brokerKilled(Stack stack) {
        for (String broker : stack.parts("kafka")) {
            try (Outage away = stack.killed(broker)) {
                Visitor person = Crowd.signIn(stack, 1).get(0);
                String sso = person.sso();
                assertThat(person.signOff("users").status()).isEqualTo(303);
                Everywhere.assertUnknown(stack, sso);
                await("every instance to trust its memory")
                        .atMost(LIMIT)
                        .until(() -> Everywhere.allHoldLeases(stack, Everywhere.withCookie(stack, sso)));
            }
        }
    }
}
