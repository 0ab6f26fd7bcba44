package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.acme.e2e.people.Crowd;
import org.acme.e2e.people.Neighbour;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One client sends the worst of what is known, and two hundred people work beside it. Their waiting is compared with that of the
 * same people a moment before, without it: medians of windows, so that a hiccup of the machine is none of the neighbour's.
 */
@ExtendWith(OnTheStack.class)
@Order(Integer.MAX_VALUE - 7) // when the tests of the modules, which run beside these, have ended
class NeighbourIT {

    private static final int SESSIONS = 20;
    private static final int TABS_OF_EACH = 10;
    private static final Duration BETWEEN_CLICKS = Duration.ofMillis(1500);
    private static final Duration WINDOW = Duration.ofSeconds(2);
    /** Three times less than this is nothing that a person notices, however quick it was before. */
    private static final Duration UNNOTICED = Duration.ofMillis(50);

    private static final String NOISY = "noisy";
    private static final List<String> PAGES =
            List.of("/users/profile", "/projects/", "/users/api/me", "/projects/api/projects", "/users/auth/session");

    private record Sample(long sentAt, long took, String where, String answer) {}

    private final ConcurrentLinkedQueue<Sample> samples = new ConcurrentLinkedQueue<>();

    @Test
    @DisplayName(
            "E8 what one user, then a stranger, sends makes no request of 200 people fail, nor wait three times as long")
    void nobodyNotices(Stack stack) throws IOException {
        run(stack, Duration.ofSeconds(16));
    }

    @Test
    @Tag("long")
    @DisplayName("E8 the same for half a minute each")
    void nobodyNoticesForLong(Stack stack) throws IOException {
        run(stack, Duration.ofSeconds(30));
    }

    @Test
    @Tag("long")
    @Tag("commands")
    @DisplayName("E8 no kind of request that one client sends costs many times what a page costs")
    void noKindIsDear(Stack stack) throws IOException {
        Visitor noisy = noisy(stack);
        Optional<String> token = Optional.of(
                stack.keycloak().tokens("e2e-cli", NOISY).path("access_token").asText());
        Optional<String> cookie = Optional.of(Site.COOKIE + "=" + noisy.sso());
        List<String> report = new ArrayList<>();
        List<Double> millisEach = new ArrayList<>();
        for (int kind = 0; kind < Neighbour.KINDS; kind++) {
            Map<String, Duration> before = stack.processorTimes();
            Map<String, Integer> answers;
            int sent;
            try (Neighbour user = new Neighbour(stack.base(), cookie, token, kind)) {
                pause(Duration.ofSeconds(4));
                answers = user.answers();
                sent = user.sent();
            }
            Map<String, Double> each = new TreeMap<>();
            stack.processorTimes()
                    .forEach((part, time) ->
                            each.put(part, time.minus(before.get(part)).toMillis() / (double) sent));
            double all = each.values().stream().mapToDouble(it -> it).sum();
            millisEach.add(all);
            report.add(String.format(Locale.ROOT, "%d: %d sent, %.2f ms each %s %s", kind, sent, all, each, answers));
        }
        write(report);
        assertThat(millisEach).as("%s", report).allMatch(each -> each < 4 * millisEach.get(Neighbour.PAGE));
    }

    private void run(Stack stack, Duration phase) throws IOException {
        Visitor noisy = noisy(stack);
        Optional<String> token = Optional.of(
                stack.keycloak().tokens("e2e-cli", NOISY).path("access_token").asText());
        Optional<String> cookie = Optional.of(Site.COOKIE + "=" + noisy.sso());
        List<String> report = new ArrayList<>();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> people = people(Crowd.signIn(stack, SESSIONS), over);
        try {
            pause(Duration.ofSeconds(4)); // until all have begun
            long quiet = phase("nobody", phase, report);
            Map<String, Integer> ofUser;
            long besideUser;
            try (Neighbour user = new Neighbour(stack.base(), cookie, token)) {
                besideUser = phase("a user", phase, report);
                ofUser = user.answers();
            }
            Map<String, Integer> ofStranger;
            long besideStranger;
            try (Neighbour stranger = new Neighbour(stack.base(), Optional.empty(), Optional.empty())) {
                besideStranger = phase("a stranger", phase, report);
                ofStranger = stranger.answers();
            }
            report.add("the user was told: " + ofUser);
            report.add("the stranger was told: " + ofStranger);
            write(report);
            assertThat(samples)
                    .filteredOn(sample -> !sample.answer().equals("200"))
                    .isEmpty();
            long bearable = 3 * Math.max(quiet, UNNOTICED.toNanos());
            assertThat(besideUser).as("%s", report).isLessThan(bearable);
            assertThat(besideStranger).as("%s", report).isLessThan(bearable);
            assertThat(ofUser.keySet()).as("it did what it should").contains("HEAD stream 200", "undecodable form 400");
            for (Map<String, Integer> answers : List.of(ofUser, ofStranger)) {
                assertThat(answers.keySet()).noneMatch(answer -> answer.matches(".* 50[024]"));
            }
        } finally {
            over.set(true);
            for (Thread thread : people) {
                join(thread);
            }
        }
    }

    /** Somebody with 1,000 roles. */
    private static Visitor noisy(Stack stack) {
        stack.keycloak()
                .createUserWithRoles(
                        NOISY,
                        IntStream.range(1000, 2000)
                                .mapToObj(i -> "a-role-that-has-a-name-of-41-letters-" + i)
                                .toList());
        Visitor noisy = new Visitor(stack.base());
        noisy.signIn(NOISY, "/projects/");
        return noisy;
    }

    private List<Thread> people(List<Visitor> sessions, AtomicBoolean over) {
        List<Thread> tabs = new ArrayList<>();
        for (int i = 0; i < SESSIONS * TABS_OF_EACH; i++) {
            Visitor visitor = sessions.get(i % SESSIONS);
            int first = i;
            Thread tab = new Thread(() -> click(visitor, first, over), "tab");
            tab.setDaemon(true);
            tab.start();
            tabs.add(tab);
        }
        return tabs;
    }

    private void click(Visitor visitor, int first, AtomicBoolean over) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = first; !over.get(); i++) {
            LockSupport.parkNanos(random.nextLong(2 * BETWEEN_CLICKS.toNanos()));
            String where = PAGES.get(i % PAGES.size());
            long sentAt = System.nanoTime();
            String answer;
            try {
                answer = Integer.toString(visitor.get(where, Visitor.SCRIPT).status());
            } catch (AssertionError none) {
                answer = String.valueOf(none.getCause());
            }
            samples.add(new Sample(sentAt, System.nanoTime() - sentAt, where, answer));
        }
    }

    /** @return the median of the windows' 99th percentiles, in nanoseconds */
    private long phase(String beside, Duration length, List<String> report) {
        long begun = System.nanoTime();
        pause(length);
        List<Sample> then =
                samples.stream().filter(sample -> sample.sentAt() - begun >= 0).toList();
        List<Long> ninetyNinths = new ArrayList<>();
        for (long from = begun; from + WINDOW.toNanos() <= begun + length.toNanos(); from += WINDOW.toNanos()) {
            long start = from;
            List<Long> took = then.stream()
                    .filter(sample -> sample.sentAt() - start >= 0 && sample.sentAt() - start < WINDOW.toNanos())
                    .map(Sample::took)
                    .sorted()
                    .toList();
            if (!took.isEmpty()) {
                ninetyNinths.add(took.get(took.size() * 99 / 100));
            }
        }
        List<Long> all = then.stream().map(Sample::took).sorted().toList();
        List<Long> sorted = ninetyNinths.stream().sorted().toList();
        long p99 = sorted.get(sorted.size() / 2);
        report.add(String.format(
                Locale.ROOT,
                "beside %s: %d requests, median %.0f ms, p99 of windows of 2 s: median %.0f ms, worst %.0f ms",
                beside,
                all.size(),
                all.get(all.size() / 2) / 1e6,
                p99 / 1e6,
                sorted.get(sorted.size() - 1) / 1e6));
        return p99;
    }

    private static void write(List<String> report) throws IOException {
        Files.createDirectories(Path.of("target", "measured"));
        Files.writeString(
                Path.of("target", "measured", "neighbours.txt"),
                String.join("\n", report) + "\n\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static void pause(Duration length) {
        try {
            Thread.sleep(length.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(Duration.ofSeconds(25).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
