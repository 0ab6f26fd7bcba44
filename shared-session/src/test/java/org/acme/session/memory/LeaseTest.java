package org.acme.session.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every test runs around zero, too: a monotonic clock may be negative, and may overflow. */
class LeaseTest {

    private static final long MS = 1_000_000;
    private static final Duration LENGTH = Duration.ofSeconds(1);
    /** Trust ends a tenth sooner than the entry in Redis. */
    private static final long TRUSTED = 900 * MS;

    private long now;

    private Lease lease(long start) {
        now = start;
        return new Lease(() -> now, LENGTH);
    }

    private Lease held(long start) {
        Lease lease = lease(start);
        lease.renewed(now);
        lease.heard(now);
        return lease;
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -300 * MS, 123_456 * MS, Long.MAX_VALUE - 300 * MS, Long.MIN_VALUE})
    @DisplayName("a new instance trusts nothing before it has a lease and hears itself")
    void bothAreNeeded(long start) {
        Lease fresh = lease(start);
        assertEquals(Lease.NONE, fresh.term());

        fresh.renewed(now);
        assertEquals(Lease.NONE, fresh.term());
        assertTrue(fresh.isRenewed());
        assertFalse(fresh.isHeard());

        fresh.heard(now);
        assertNotEquals(Lease.NONE, fresh.term());

        Lease deaf = lease(start);
        deaf.heard(now);
        assertEquals(Lease.NONE, deaf.term());
        assertFalse(deaf.isRenewed());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -300 * MS, Long.MAX_VALUE - 300 * MS})
    @DisplayName("trust ends before the entry in Redis does, counted from the moment of asking")
    void trustEndsSoonerThanTheEntry(long start) {
        Lease lease = held(start);
        now = start + TRUSTED - 1;
        assertNotEquals(Lease.NONE, lease.term());
        now = start + TRUSTED;
        assertEquals(Lease.NONE, lease.term());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -300 * MS, Long.MAX_VALUE - 300 * MS})
    @DisplayName("an answer that took long gives only what is left of the lease")
    void slowAnswersGiveLess(long start) {
        Lease lease = lease(start);
        now = start + 600 * MS;
        lease.renewed(start);
        lease.heard(now);
        now = start + TRUSTED - 1;
        assertNotEquals(Lease.NONE, lease.term());
        now = start + TRUSTED;
        assertEquals(Lease.NONE, lease.term());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -300 * MS, Long.MAX_VALUE - 300 * MS})
    @DisplayName("a term lasts as long as renewals and heartbeats leave no gap")
    void aTermLastsWithoutGaps(long start) {
        Lease lease = held(start);
        long term = lease.term();
        for (int i = 1; i <= 100; i++) {
            now = start + i * 300 * MS;
            lease.renewed(now);
            lease.heard(now - 20 * MS);
            assertEquals(term, lease.term());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -300 * MS, Long.MAX_VALUE - 300 * MS})
    @DisplayName("after a gap a new term begins, even if nobody asked during the gap")
    void aGapEndsTheTerm(long start) {
        Lease renewalMissed = held(start);
        long term = renewalMissed.term();
        now = start + 800 * MS;
        renewalMissed.heard(now);
        now = start + TRUSTED;
        renewalMissed.renewed(now);
        assertNotEquals(Lease.NONE, renewalMissed.term());
        assertNotEquals(term, renewalMissed.term());

        Lease heartbeatMissed = held(start);
        term = heartbeatMissed.term();
        now = start + 800 * MS;
        heartbeatMissed.renewed(now);
        now = start + TRUSTED;
        heartbeatMissed.heard(now);
        assertNotEquals(Lease.NONE, heartbeatMissed.term());
        assertNotEquals(term, heartbeatMissed.term());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -300 * MS, Long.MAX_VALUE - 300 * MS})
    @DisplayName("S1: stopped and continued, it trusts nothing, and answers from before give nothing back")
    void stoppedAndContinued(long start) {
        Lease lease = held(start);
        long term = lease.term();
        long askedBefore = now;
        now = start + Duration.ofMinutes(10).toNanos();
        assertEquals(Lease.NONE, lease.term());

        lease.renewed(askedBefore);
        lease.heard(askedBefore);
        assertEquals(Lease.NONE, lease.term());

        lease.renewed(now);
        lease.heard(now);
        assertNotEquals(Lease.NONE, lease.term());
        assertNotEquals(term, lease.term());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -300 * MS, Long.MAX_VALUE - 300 * MS})
    @DisplayName("S1: when a sign-off took the lease, trust ends at once, and the next lease is a new term")
    void aTakenLeaseEndsAtOnce(long start) {
        Lease lease = held(start);
        long term = lease.term();
        lease.lost();
        assertEquals(Lease.NONE, lease.term());
        assertFalse(lease.isRenewed());
        assertTrue(lease.isHeard());

        lease.renewed(now);
        assertNotEquals(Lease.NONE, lease.term());
        assertNotEquals(term, lease.term());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -300 * MS, Long.MAX_VALUE - 300 * MS})
    @DisplayName("S1: an instance that stops trusts nothing any more, whatever answer is still on its way")
    void closedForGood(long start) {
        Lease lease = held(start);
        lease.close();
        lease.renewed(now);
        lease.heard(now);
        assertEquals(Lease.NONE, lease.term());
        lease.lost();
        now = start + 100 * MS;
        lease.heard(now);
        lease.renewed(now);
        assertEquals(Lease.NONE, lease.term());
        assertFalse(lease.isHeard());
        assertFalse(lease.isRenewed());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -300 * MS, Long.MAX_VALUE - 300 * MS})
    @DisplayName("no term is used twice, whatever order losses and gaps come in")
    void noTermComesBack(long start) {
        Lease lease = held(start);
        java.util.Set<Long> terms = new java.util.HashSet<>();
        for (int i = 0; i < 20; i++) {
            assertTrue(terms.add(lease.term()));
            if (i % 3 == 0) {
                lease.lost();
            }
            if (i % 3 != 0) {
                now += 2 * TRUSTED;
            }
            if (i % 2 == 0) {
                assertEquals(Lease.NONE, lease.term());
            }
            lease.heard(now);
            lease.renewed(now);
        }
        assertFalse(terms.contains(Lease.NONE));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 300 * MS})
    @DisplayName("a heartbeat that comes back out of order does not shorten trust")
    void lateHeartbeatsDoNotShorten(long start) {
        Lease lease = held(start);
        now = start + 500 * MS;
        lease.renewed(now);
        lease.heard(now);
        lease.heard(start + 100 * MS);
        lease.renewed(start + 100 * MS);
        now = start + 500 * MS + TRUSTED - 1;
        assertNotEquals(Lease.NONE, lease.term());
    }
}
