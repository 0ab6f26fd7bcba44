package org.acme.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/** infra/bench sign-off: how long answers take, and until the last instance refuses. */
final class Measurement {

    private static final int CROWD = 50;

    private final People people;
    private final Fleet fleet;
    private final AtomicBoolean busy = new AtomicBoolean(true);

    Measurement(People people, Fleet fleet) {
        this.people = people;
        this.fleet = fleet;
    }

    /**
     * Prints a line of the table.
     *
     * @param warm sign-offs that are not measured, under that load: a JVM takes time to compile what is asked often
     * @param load how many others keep the instances busy, each with one request after the other
     * @param cached how many others every instance caches
     */
    void run(String title, int warm, int trials, int load, int cached) {
        if (cached > 0) {
            System.err.println(title + ": " + cached + " people sign in, and ask every instance");
            haveCached(cached);
        }
        System.err.println(title + ": warming up");
        for (int i = 0; i < load; i++) {
            keepAsking(people.signIn(), fleet.addresses().get(i % fleet.size()));
        }
        for (int i = 0; i < warm; i++) {
            signOffOnce(new ArrayList<>());
        }
        System.err.println(title + ": measuring");
        List<Long> answered = new ArrayList<>();
        int violations = 0;
        for (int i = 0; i < trials; i++) {
            violations += signOffOnce(answered);
        }
        // Apart from the others: asking all the time is a load of its own.
        List<Long> refused = new ArrayList<>();
        for (int i = 0; i < trials / 5; i++) {
            refused.add(untilTheLastRefuses());
        }
        busy.set(false);
        System.out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %s | %d |%n",
                title,
                trials,
                Times.of(answered),
                Times.of(refused),
                violations);
    }

    /** In crowds: one after the other, they would take minutes. */
    private void haveCached(int people) {
        for (int left = people; left > 0; left -= CROWD) {
            CompletableFuture<?>[] crowd = new CompletableFuture<?>[Math.min(CROWD, left)];
            for (int i = 0; i < crowd.length; i++) {
                crowd[i] = this.people.signInLater().thenCompose(fleet::warmLater);
            }
            CompletableFuture.allOf(crowd).join();
        }
    }

    /** @return violations */
    private int signOffOnce(List<Long> answered) {
        Person person = people.signIn();
        fleet.warm(person);
        long start = System.nanoTime();
        int status = fleet.signOff(person).join();
        answered.add(System.nanoTime() - start);
        if (status != Fleet.SIGNED_OFF) {
            throw new IllegalStateException("A sign-off answered " + status);
        }
        return fleet.accepting(person);
    }

    private long untilTheLastRefuses() {
        Person person = people.signIn();
        fleet.warm(person);
        long start = System.nanoTime();
        List<CompletableFuture<Long>> probes = fleet.addresses().stream()
                .map(address -> untilRefused(person, address))
                .toList();
        fleet.signOff(person).join();
        return probes.stream().mapToLong(probe -> probe.join() - start).max().orElseThrow();
    }

    private CompletableFuture<Long> untilRefused(Person person, String address) {
        return fleet.ask(person, address)
                .thenCompose(status -> status == Fleet.REFUSED
                        ? CompletableFuture.completedFuture(System.nanoTime())
                        : untilRefused(person, address));
    }

    private void keepAsking(Person person, String address) {
        fleet.ask(person, address).thenAccept(status -> {
            if (busy.get()) {
                keepAsking(person, address);
            }
        });
    }
}
