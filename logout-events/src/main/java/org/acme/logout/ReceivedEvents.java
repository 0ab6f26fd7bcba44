package org.acme.logout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Events that a channel has received and the event loop has not read yet. Written by the transport's threads, read by one. */
final class ReceivedEvents {

    /** More are dropped: an event that is not handled is not acknowledged either, and costs its sender the lease. */
    static final int MAX_WAITING = 4096;

    private static final byte[] NO_CONTENT = {};

    private final BlockingQueue<byte[]> waiting = new LinkedBlockingQueue<>(MAX_WAITING);
    private volatile Throwable failure;

    /** @param event {@code null} for an event without content */
    void add(byte[] event) {
        waiting.offer(event == null ? NO_CONTENT : event);
    }

    /** No event will follow: the {@link #poll} under way, and each later one, fails with this cause. */
    void fail(Throwable how) {
        failure = how;
        // Wakes the reader; a full queue has none waiting.
        waiting.offer(NO_CONTENT);
    }

    /** All events received so far; waits for the first of them, {@code wait} at most. */
    List<byte[]> poll(Duration wait) {
        List<byte[]> events = new ArrayList<>();
        try {
            byte[] first = waiting.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
            if (first != null) {
                events.add(first);
                waiting.drainTo(events);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (failure != null) {
            throw new IllegalStateException(failure);
        }
        return events;
    }
}
