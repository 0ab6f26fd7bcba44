package org.acme.session.internal.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Runs actors, each a list of steps, in every order: each schedule from a fresh start, the next one chosen by turning back the
 * last choice that had another way to go. Nothing runs at once, so a schedule that finds a fault finds it every time.
 */
final class Interleavings {

    /** One actor at work. */
    interface Actor {

        /** Whether it has another step; what it has learnt may end it early. */
        boolean hasNext();

        /** Takes one step. @return what it did and saw */
        String step();
    }

    /** What is under test. */
    interface World {

        List<Actor> actors();

        /** @return the law that does not hold after that step; empty when all do */
        Optional<String> broken();

        /** The same when all actors are done. */
        Optional<String> brokenAtTheEnd();
    }

    /**
     * What was found.
     *
     * @param schedules how many were run
     * @param steps how many steps they took
     * @param violation the first schedule that broke a law, step by step; empty when none did
     */
    record Outcome(long schedules, long steps, Optional<String> violation) {}

    private final List<Integer> choices = new ArrayList<>();
    private final List<Integer> ways = new ArrayList<>();
    private final int depth;
    private long schedules;
    private long steps;

    private Interleavings(int depth) {
        this.depth = depth;
    }

    /**
     * @param depth so many steps are taken in every order; after them each actor finishes in turn
     * @param fresh a world at its beginning
     */
    static Outcome explore(int depth, Supplier<World> fresh) {
        return new Interleavings(depth).explore(fresh);
    }

    private Outcome explore(Supplier<World> fresh) {
        do {
            List<String> story = new ArrayList<>();
            Optional<String> broken = run(fresh.get(), story);
            schedules++;
            if (broken.isPresent()) {
                story.add("BROKEN: " + broken.get());
                return new Outcome(schedules, steps, Optional.of(String.join("\n", story)));
            }
        } while (turnBack());
        return new Outcome(schedules, steps, Optional.empty());
    }

    private Optional<String> run(World world, List<String> story) {
        List<Actor> waiting = waiting(world);
        for (int i = 0; !waiting.isEmpty(); i++) {
            story.add(waiting.get(i < depth ? choice(i, waiting.size()) : 0).step());
            steps++;
            Optional<String> broken = world.broken();
            if (broken.isPresent()) {
                return broken;
            }
            waiting = waiting(world);
        }
        return world.brokenAtTheEnd();
    }

    private static List<Actor> waiting(World world) {
        return world.actors().stream().filter(Actor::hasNext).toList();
    }

    private int choice(int step, int waiting) {
        if (step == choices.size()) {
            choices.add(0);
            ways.add(waiting);
        }
        return choices.get(step);
    }

    private boolean turnBack() {
        while (!choices.isEmpty()) {
            int last = choices.size() - 1;
            int next = choices.remove(last) + 1;
            int of = ways.remove(last);
            if (next < of) {
                choices.add(next);
                ways.add(of);
                return true;
            }
        }
        return false;
    }
}
