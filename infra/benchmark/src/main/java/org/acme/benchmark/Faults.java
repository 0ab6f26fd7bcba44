package org.acme.benchmark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** infra/bench faults: parts are taken away while people sign off, ten a second. */
final class Faults {

    /** The instance that comes to Redis and Kafka by a wire of its own. */
    private static final String WIRED = "users-2";

    private static final int TRIALS = 5;
    private static final int WARM = 1500;

    private final People people;
    private final Fleet fleet;
    private final Parts parts;
    private final Crowd crowd;
    private final Relay redis;
    private final Relay kafka;
    private final String wired;
    private final List<String> rows = new ArrayList<>();
    /** A fault that could not be brought about, or from which the stack did not recover; the others are tried. */
    private RuntimeException failed;

    Faults(People people, Fleet fleet, Map<String, String> env) {
        this.people = people;
        this.fleet = fleet;
        this.parts = new Parts(env);
        this.crowd = new Crowd(people, fleet);
        this.redis = new Relay(Integer.parseInt(env.get("REDIS_PORT")));
        this.kafka = new Relay(Integer.parseInt(env.get("KAFKA_PORT")));
        this.wired = env.get("WIRED_URL");
    }

    void run() {
        all();
        System.out.println(Crowd.head());
        rows.forEach(title -> System.out.println(crowd.row(title)));
        if (failed != null) {
            throw failed;
        }
    }

    private void all() {
        parts.tell("restart " + WIRED);
        allTrustTheirMemory();
        for (int i = 0; i < WARM; i++) { // a JVM takes its time to compile what is asked often
            Person person = people.signIn();
            fleet.warm(person);
            fleet.signOff(person).join();
        }
        crowd.start();
        seconds(6); // and is not used to crowds
        during("nothing", () -> seconds(6));
        killsAndPauses();
        cutOff();
        redisAway();
        during(
                "Redis lost by an instance between end and announcement, " + TRIALS + " times besides",
                this::redisLostInTheMiddle);
        during("an instance killed between end and announcement, 3 times besides", this::killedInTheMiddle);
        crowd.stop();
        during("nobody waited for (the check on the check)", this::nobodyWaitedFor);
        during("a fail-over that forgets the end (not promised)", this::failOver);
    }

    private void killsAndPauses() {
        during("the broker killed", () -> {
            parts.tell("kill kafka");
            seconds(6);
        });
        during("the broker starting", () -> {
            parts.tell("start kafka");
            allTrustTheirMemory();
        });
        during("the broker paused", () -> {
            parts.tell("pause kafka");
            seconds(6);
        });
        during("the broker going on", () -> {
            parts.tell("resume kafka");
            allTrustTheirMemory();
        });
        during("an instance paused for 5 s", () -> {
            parts.tell("pause users-2");
            seconds(5);
        });
        during("that instance going on", () -> {
            parts.tell("resume users-2");
            allTrustTheirMemory();
            seconds(2);
        });
        during("an instance killed", () -> {
            parts.tell("kill projects-2");
            seconds(4);
        });
        during("an instance starting", () -> {
            parts.tell("start projects-2");
            allTrustTheirMemory();
            seconds(2);
        });
    }

    private void cutOff() {
        during("an instance cut off from Kafka, connections refused", () -> cut(kafka, Relay.State.REFUSING));
        during("the same, packets vanishing (Kafka)", () -> cut(kafka, Relay.State.SILENT));
        during("an instance cut off from Redis, connections refused", () -> cut(redis, Relay.State.REFUSING));
        during("the same, packets vanishing (Redis)", () -> cut(redis, Relay.State.SILENT));
    }

    /** Until a lease has run out, some seconds more, and until all is well again. */
    private void cut(Relay wire, Relay.State how) {
        wire.become(how);
        Parts.await("the instance to lose its lease", () -> people.leases() < fleet.size());
        seconds(4);
        wire.become(Relay.State.OPEN);
        allTrustTheirMemory();
    }

    private void redisAway() {
        during("Redis paused for 3 s", () -> {
            parts.tell("pause redis");
            seconds(3);
        });
        during("Redis going on", () -> {
            parts.tell("resume redis");
            allTrustTheirMemory();
        });
        during("Redis killed, and started 2 s later", () -> {
            parts.tell("kill redis");
            seconds(2);
            parts.tell("start redis");
            allTrustTheirMemory();
        });
    }

    /** Its record has ended when its instance loses Redis: before it can read who is to be told, and whom to wait for. */
    private void redisLostInTheMiddle() {
        for (int trial = 0; trial < TRIALS; trial++) {
            boolean refused = trial % 2 == 0;
            inTheMiddle(() -> {
                if (refused) {
                    redis.become(Relay.State.REFUSING);
                }
            });
            allTrustTheirMemory();
        }
    }

    private void killedInTheMiddle() {
        for (int trial = 0; trial < 3; trial++) {
            inTheMiddle(() -> parts.tell("kill " + WIRED));
            parts.tell("start " + WIRED);
            allTrustTheirMemory();
        }
    }

    /** Signs off at the wired instance, of which nothing is heard from the moment at which Redis has ended the session. */
    private void inTheMiddle(Runnable then) {
        Person person = people.signIn();
        Parts.await("every instance to know somebody", () -> fleet.accepting(person) == fleet.size());
        CompletableFuture<Void> ended = redis.silentAfter(person.id().value(), "signed-off");
        CompletableFuture<Void> checked =
                crowd.signOff(person, rows.get(rows.size() - 1), () -> fleet.signOffAt(wired, person));
        ended.orTimeout(20, TimeUnit.SECONDS).join();
        Parts.await("Redis to end the session", () -> people.hasEnded(person));
        then.run();
        checked.join(); // asked again, elsewhere, until it was answered
        redis.become(Relay.State.OPEN);
    }

    /** The event cannot travel, and the table says that nobody has a lease: each such sign-off breaks the promise. */
    private void nobodyWaitedFor() {
        for (int trial = 0; trial < 5; trial++) {
            allTrustTheirMemory();
            Person person = people.signIn();
            fleet.warm(person);
            parts.tell("pause kafka");
            try {
                fleet.warm(person);
                people.forgetLeases();
                signOffNow(person);
            } finally {
                parts.tell("resume kafka");
            }
        }
    }

    /** Redis comes back as it was before the sign-offs that it had confirmed. */
    private void failOver() {
        allTrustTheirMemory();
        List<Person> those = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            those.add(people.signIn());
        }
        Path data = parts.data("redis");
        Path before = data.resolveSibling("redis-before");
        parts.tell("stop redis");
        Parts.copy(data, before);
        parts.tell("start redis");
        allTrustTheirMemory();
        those.forEach(person ->
                Parts.await("every instance to know somebody", () -> fleet.accepting(person) == fleet.size()));
        those.forEach(this::signOffNow);
        parts.tell("kill redis");
        Parts.copy(before, data);
        parts.tell("start redis");
        allTrustTheirMemory();
        those.forEach(person -> noteViolations(person, fleet.accepting(person)));
        during("the same people, signing off once more", () -> those.forEach(this::signOffNow));
    }

    private void signOffNow(Person person) {
        long start = System.nanoTime();
        int status = fleet.signOff(person).join();
        crowd.note(rows.get(rows.size() - 1), status == Fleet.SIGNED_OFF ? 1 : 0, System.nanoTime() - start);
        noteViolations(person, fleet.accepting(person));
    }

    private void noteViolations(Person person, int accepting) {
        for (int i = 0; i < accepting; i++) {
            crowd.violatedIf(true, rows.get(rows.size() - 1));
        }
    }

    private void during(String what, Runnable fault) {
        System.err.println(what);
        rows.add(what);
        crowd.during(what);
        try {
            fault.run();
        } catch (RuntimeException e) {
            failed = e;
            System.err.println(what + ": " + e);
            redis.become(Relay.State.OPEN);
            kafka.become(Relay.State.OPEN);
        }
    }

    private void allTrustTheirMemory() {
        Parts.await("every instance to hold a lease", () -> people.leases() == fleet.size());
    }

    private static void seconds(int length) {
        Parts.pause(length * 1000L);
    }
}
