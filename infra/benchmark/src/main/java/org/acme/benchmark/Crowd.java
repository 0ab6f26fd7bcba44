package org.acme.benchmark;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Signs people off, whether or not those before have been answered, and asks every instance after each answer. Who gets no
 * answer asks again, as a person would.
 */
final class Crowd {

    private static final int EVERY_MILLIS = 100;
    private static final int AGAIN_AFTER_MILLIS = 500;
    private static final int MOST_TRIES = 40;
    private static final int RESERVE = 100;
    /** When an instance is asked, in milliseconds after the answer. */
    private static final int[] QUESTIONS = {0, 20, 100, 300, 700, 1500, 3000};

    /** @param tries 1: answered at once; 0: never @param nanos how long the first try took */
    record Outcome(String during, int tries, long nanos) {}

    private final People people;
    private final Fleet fleet;
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final ConcurrentLinkedQueue<Outcome> outcomes = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger open = new AtomicInteger();
    /** Who can sign off though Redis is unavailable at the moment. */
    private final ConcurrentLinkedQueue<Person> waiting = new ConcurrentLinkedQueue<>();

    private volatile String during = "";
    private volatile boolean going;

    Crowd(People people, Fleet fleet) {
        this.people = people;
        this.fleet = fleet;
    }

    void during(String what) {
        during = what;
    }

    void start() {
        for (int i = 0; i < RESERVE; i++) {
            waiting.add(people.signIn());
        }
        going = true;
        clock.scheduleAtFixedRate(
                () -> {
                    if (going) {
                        comeAndGo();
                    }
                },
                0,
                EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    /** Waits for the last answers and the last questions. */
    void stop() {
        going = false;
        Parts.await("the last answers", () -> open.get() == 0);
    }

    private void comeAndGo() {
        String now = during;
        people.signInLater().thenAccept(waiting::add);
        Person person = waiting.poll();
        if (person == null) {
            return; // Redis has been unavailable for longer than the reserve lasts
        }
        open.incrementAndGet();
        fleet.allLater(person, 1)
                .thenCompose(warm -> signOff(person, now, () -> fleet.signOff(person)))
                .whenComplete((done, failure) -> open.decrementAndGet());
    }

    /** A way to ask for a sign-off. */
    interface Try {
        /** @return the status of its answer */
        CompletableFuture<Integer> ask();
    }

    /** Signs somebody off, by nginx unless the first try is to go elsewhere. Done after the last question. */
    CompletableFuture<Void> signOff(Person person, String now, Try first) {
        long start = System.nanoTime();
        return first.ask().thenCompose(status -> {
            long took = System.nanoTime() - start;
            return tryAgain(person, status, 1).thenCompose(tries -> {
                note(now, tries, took);
                return tries == 0 ? CompletableFuture.completedFuture(null) : check(person, now);
            });
        });
    }

    private CompletableFuture<Integer> tryAgain(Person person, int status, int tries) {
        if (status == Fleet.SIGNED_OFF || tries == MOST_TRIES) {
            return CompletableFuture.completedFuture(status == Fleet.SIGNED_OFF ? tries : 0);
        }
        return CompletableFuture.supplyAsync(() -> fleet.signOff(person), later(AGAIN_AFTER_MILLIS))
                .thenCompose(answer -> answer)
                .thenCompose(next -> tryAgain(person, next, tries + 1));
    }

    private CompletableFuture<Void> check(Person person, String now) {
        CompletableFuture<?>[] questions = new CompletableFuture<?>[QUESTIONS.length];
        for (int i = 0; i < QUESTIONS.length; i++) {
            questions[i] = CompletableFuture.supplyAsync(() -> fleet.allLater(person, 15), later(QUESTIONS[i]))
                    .thenCompose(answers -> answers)
                    .thenAccept(answers -> answers.forEach(status -> violatedIf(status == Fleet.ACCEPTED, now)));
        }
        return CompletableFuture.allOf(questions);
    }

    private Executor later(int millis) {
        return task -> clock.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    void note(String now, int tries, long nanos) {
        outcomes.add(new Outcome(now, tries, nanos));
    }

    void violatedIf(boolean accepted, String now) {
        if (accepted) {
            violations.add(now);
        }
    }

    static String head() {
        return "| during | sign-offs | answered | asked again, then answered | first answers: p50 / p99 / longest, ms | violations |\n"
                + "|---|--:|--:|--:|---|--:|";
    }

    String row(String title) {
        List<Outcome> all =
                outcomes.stream().filter(one -> one.during().equals(title)).toList();
        List<Long> atOnce =
                all.stream().filter(one -> one.tries() == 1).map(Outcome::nanos).toList();
        long again = all.stream().filter(one -> one.tries() > 1).count();
        long violated = violations.stream().filter(title::equals).count();
        return "| "
                + String.join(
                        " | ", title, "" + all.size(), "" + atOnce.size(), "" + again, Times.of(atOnce), "" + violated)
                + " |";
    }
}
