package org.acme.session.log;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** At most so many in a period, counted on a monotonic clock; those that were too many are counted, too. */
public final class RateLimit {

    private final int most;
    private final long period;
    private final LongSupplier nanoTime;
    private long begun;
    private int admitted;
    private long leftOut;

    /** @param most at least 1, in each period */
    public RateLimit(int most, Duration period) {
        this(most, period, System::nanoTime);
    }

    /** @param nanoTime a monotonic clock, in nanoseconds */
    public RateLimit(int most, Duration period, LongSupplier nanoTime) {
        this.most = most;
        this.period = period.toNanos();
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
    }

    /** How many were left out since the last one that was not; empty when this one is one too many. May be called by all threads. */
    public synchronized OptionalLong admit() {
        long now = nanoTime.getAsLong();
        if (now - begun >= period) {
            begun = now;
            admitted = 0;
        }
        if (admitted == most) {
            leftOut++;
            return OptionalLong.empty();
        }
        admitted++;
        long before = leftOut;
        leftOut = 0;
        return OptionalLong.of(before);
    }
}
