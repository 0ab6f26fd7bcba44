package org.acme.e2e.people;

import java.io.IOException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.acme.e2e.stack.Stack;

/** People who keep clicking: each visitor asks for the next page soon after the last one is there. */
public final class Load implements AutoCloseable {

    private static final Duration LONGEST = Duration.ofSeconds(90);
    private static final int MOST_REQUESTS_A_SECOND = 1_000;
    /** Quick people, and still a load that leaves the machine room for what is tested. */
    private static final long BETWEEN_CLICKS_NANOS = 5_000_000;

    /**
     * One request and its answer.
     *
     * @param status 0 when there was no answer
     * @param told the header Retry-After was there
     * @param cookies the answer set or removed cookies
     */
    public record Sample(Instant sentAt, String where, int status, boolean told, boolean cookies) {}

    private final ConcurrentLinkedQueue<Sample> samples = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final Instant deadline;
    private final long mostRequests;

    private Load(Duration longest) {
        deadline = Instant.now().plus(longest);
        mostRequests = longest.toSeconds() * MOST_REQUESTS_A_SECOND;
    }

    /** Each visitor goes round those pages. */
    public static Load of(List<Visitor> visitors, List<String> pages) {
        return of(visitors, pages, LONGEST);
    }

    /** The same, ending by itself after that time. */
    public static Load of(List<Visitor> visitors, List<String> pages, Duration longest) {
        Load load = new Load(longest);
        for (Visitor visitor : visitors) {
            Thread thread = new Thread(() -> load.run(visitor, pages), "load");
            thread.setDaemon(true);
            load.threads.add(thread);
        }
        load.threads.forEach(Thread::start);
        return load;
    }

    /** What was asked and answered so far. */
    public List<Sample> samples() {
        return List.copyOf(samples);
    }

    /** Whether somebody asked after that moment and has an answer. */
    public boolean askedSince(Instant moment) {
        return samples.stream().anyMatch(sample -> sample.sentAt().isAfter(moment));
    }

    private void run(Visitor visitor, List<String> pages) {
        for (int i = 0;
                !over.get()
                        && i < mostRequests / threads.size()
                        && Instant.now().isBefore(deadline);
                i++) {
            String where = pages.get(i % pages.size());
            Instant sentAt = Instant.now();
            try {
                Answer answer = get(visitor, where);
                samples.add(new Sample(
                        sentAt,
                        where,
                        answer.status(),
                        answer.header("Retry-After").isPresent(),
                        !answer.setCookies().isEmpty()));
            } catch (AssertionError noAnswer) {
                samples.add(new Sample(sentAt, where, 0, false, false));
            }
            LockSupport.parkNanos(BETWEEN_CLICKS_NANOS);
        }
    }

    /**
     * nginx in containers reads its configuration anew when an instance comes or goes, and closes connections that are idle
     * in that moment. A browser asks again then (RFC 9112 section 9.3.1), and so do these people, once, if it is a connection
     * that ended and not an answer that was bad.
     */
    private static Answer get(Visitor visitor, String where) {
        try {
            return visitor.get(where, Visitor.SCRIPT);
        } catch (AssertionError noAnswer) {
            boolean ended = noAnswer.getCause() instanceof IOException
                    && !(noAnswer.getCause() instanceof HttpTimeoutException);
            if (!(Stack.IN_CONTAINERS && ended)) {
                throw noAnswer;
            }
            return visitor.get(where, Visitor.SCRIPT);
        }
    }

    @Override
    public void close() {
        over.set(true);
        for (Thread thread : threads) {
            try {
                thread.join(Duration.ofSeconds(30).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
