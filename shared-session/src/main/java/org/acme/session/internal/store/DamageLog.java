package org.acme.session.internal.store;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;
import org.acme.session.contract.SessionId;
import org.jboss.logging.Logger;

/**
 * Says of each damaged session that it is one: once in ten seconds, however often it is asked for, and of a few sessions
 * only. Whoever may write {@code sess:*} can damage as many as they like.
 */
final class DamageLog {

    /** Sessions in a period. */
    static final int MOST = 50;

    static final Duration PERIOD = Duration.ofSeconds(10);

    private final Logger log;
    private final LongSupplier nanoTime;
    private final Set<String> said = new HashSet<>();
    private long begun;
    private long leftOut;

    /** @param nanoTime a monotonic clock, in nanoseconds */
    DamageLog(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
    }

    /** @param why holds nothing that a record holds. May be called by all threads */
    synchronized void warn(SessionId session, String why) {
        long now = nanoTime.getAsLong();
        if (now - begun >= PERIOD.toNanos()) {
            begun = now;
            said.clear();
        }
        if (said.contains(session.fingerprint())) {
            return;
        }
        if (said.size() == MOST) {
            leftOut++;
            return;
        }
        said.add(session.fingerprint());
        String others = leftOut == 0 ? "" : " (" + leftOut + " more lines of this kind were left out)";
        leftOut = 0;
        log.warnf("Session %s is damaged and counts as absent: %s%s", session.fingerprint(), why, others);
    }
}
