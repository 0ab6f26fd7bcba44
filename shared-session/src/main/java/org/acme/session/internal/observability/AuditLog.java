package org.acme.session.internal.observability;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.acme.session.log.RateLimit;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.Level;
import org.jboss.logmanager.Logger;

/**
 * Who did what to which session, in the log category {@code org.acme.session.audit}: one line of {@code name=value} for
 * people, the same as fields of their own where the log is JSON. The request's id is beside them, as in every line.
 *
 * <p>A session is named by its fingerprint, a user by a hash: enough to find what one of them did, and nothing to sign in
 * with or to know a person by. Every value is a word of ours or a hash, so no line can be forged from outside.
 */
@Singleton
final class AuditLog {

    static final String CATEGORY = "org.acme.session.audit";

    /** Enough to see what goes on, and too few to fill a disk. */
    static final int MOST = 50;

    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Logger LOG = Logger.getLogger(CATEGORY);

    /** By event and kind, which are words of ours. */
    private final Map<String, RateLimit> limits = new ConcurrentHashMap<>();

    /**
     * The same for what anybody can bring about: {@link #MOST} lines of each kind in ten seconds, then a count.
     *
     * @param kind a word of ours: a flood of one kind hides no other
     */
    void writeSome(String event, String kind, Map<String, String> fields) {
        limits.computeIfAbsent(event + ' ' + kind, ours -> new RateLimit(MOST, PERIOD))
                .admit()
                .ifPresent(leftOut -> {
                    Map<String, String> counted = new TreeMap<>(fields);
                    if (leftOut > 0) {
                        counted.put("left-out", Long.toString(leftOut));
                    }
                    write(event, counted);
                });
    }

    /** @param fields without those that nothing is known of */
    void write(String event, Map<String, String> fields) {
        Map<String, String> sorted = new TreeMap<>(fields);
        StringBuilder text = new StringBuilder(event);
        sorted.forEach(
                (name, value) -> text.append(' ').append(name).append('=').append(value));
        ExtLogRecord line = new ExtLogRecord(Level.INFO, text.toString(), ExtLogRecord.FormatStyle.NO_FORMAT, CATEGORY);
        line.setLoggerName(CATEGORY);
        line.putMdc("event", event);
        sorted.forEach(line::putMdc);
        LOG.logRaw(line);
    }
}
