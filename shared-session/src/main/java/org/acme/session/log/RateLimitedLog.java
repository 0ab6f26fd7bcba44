package org.acme.session.log;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * Warnings that others can provoke, or that an outage would repeat for each request: one in ten seconds, which says how many
 * were left out. One object for each kind of warning, or a flood of one kind hides the others.
 */
public final class RateLimitedLog {

    static final Duration PERIOD = Duration.ofSeconds(10);

    private final Logger log;
    private final RateLimit limit;

    public RateLimitedLog(Class<?> source) {
        this(Logger.getLogger(source), System::nanoTime);
    }

    /** @param nanoTime a monotonic clock, in nanoseconds */
    public RateLimitedLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.limit = new RateLimit(1, PERIOD, nanoTime);
    }

    /** @param format as {@link String#format} has it; it must not take anything that a client chose */
    public void warn(String format, Object... values) {
        OptionalLong leftOut = limit.admit();
        if (leftOut.isPresent()) {
            String line = String.format(format, values);
            log.warn(
                    leftOut.getAsLong() == 0
                            ? line
                            : line + " (" + leftOut.getAsLong() + " more since the last such line)");
        }
    }
}
