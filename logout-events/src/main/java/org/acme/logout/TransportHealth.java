package org.acme.logout;

import java.time.Duration;
import org.jboss.logging.Logger;

/**
 * Whether this instance hears itself through the topic: the one question that covers broker, network, where, rights and
 * both clients. Says once that it is lost and once that it is back. Written by one thread, read by any.
 */
final class TransportHealth {

    private static final String SILENCE = "the broker says nothing";

    private enum State {
        NEW,
        JOINED,
        LOST
    }

    private final Logger log;
    private final String where;
    private final long unhealthyAfterNanos;
    private volatile State state = State.NEW;
    private volatile String trouble = SILENCE;
    private long heardAt;

    TransportHealth(Logger log, String where, Duration unhealthyAfter, long now) {
        this.log = log;
        this.where = where;
        this.unhealthyAfterNanos = unhealthyAfter.toNanos();
        this.heardAt = now;
    }

    void heard(long now) {
        heardAt = now;
        trouble = SILENCE;
        if (state != State.JOINED) {
            log.infof(
                    state == State.NEW
                            ? "Session events arrive: this instance hears itself on %s"
                            : "Session events arrive again on %s",
                    where);
            state = State.JOINED;
        }
    }

    /** Few heartbeats are sent: none has to be heard before the next one, if the last one, sent then, was. */
    void resting(long lastSentAt, long now) {
        if (heardAt - lastSentAt >= 0) {
            heardAt = now;
        }
    }

    void check(long now) {
        if (state != State.LOST && now - heardAt > unhealthyAfterNanos) {
            state = State.LOST;
            log.warnf(
                    "Session events do not arrive: no heartbeat came back on %s for %d ms (%s)."
                            + " Every request asks Redis until it does",
                    where, unhealthyAfterNanos / 1_000_000, trouble);
        }
    }

    /** What went wrong last, for the one warning that follows if it stays so. */
    void trouble(Throwable what) {
        trouble = what.toString();
        log.debugf(what, "Trouble with %s", where);
    }

    boolean joined() {
        return state == State.JOINED;
    }
}
