package org.acme.logout;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/** A warning that others can provoke, so it is given at most once in ten seconds, with the number of those left out. */
final class RareWarning {

    static final long PERIOD_NANOS = 10_000_000_000L;

    private final Logger log;
    private final LongSupplier nanoTime;
    private final AtomicLong next;
    private final AtomicLong leftOut = new AtomicLong();

    RareWarning(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.next = new AtomicLong(nanoTime.getAsLong());
    }

    void say(String what, String why) {
        long now = nanoTime.getAsLong();
        long due = next.get();
        if (now - due < 0 || !next.compareAndSet(due, now + PERIOD_NANOS)) {
            leftOut.incrementAndGet();
            return;
        }
        log.warnf("%s (%s; %d more since the last warning)", what, why, leftOut.getAndSet(0));
    }
}
