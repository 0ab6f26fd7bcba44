package org.acme.session.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From several beginnings: a monotonic clock may be negative, and may overflow. */
class LeaseTest {

    private static final long MS = 1_000_000;
    private static final Duration LENGTH = Duration.ofSeconds(1);
    /** Trust ends a tenth sooner than the entry in Redis. */
    private static final long TRUSTED = 900 * MS;

    private long now;

    @Retention(RetentionPolicy.RUNTIME)
    @ParameterizedTest
    @ValueSource(longs = {0, -300 * MS, 123_456 * MS, Long.MAX_VALUE - 300 * MS, Long.MIN_VALUE})
    private @interface FromAnyBeginning {}

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

    private static void assertTrusts(Lease lease) {
        assertNotEquals(Lease.NONE, lease.epoch());
    }

    private static void assertTrustsNothing(Lease lease) {
        assertEquals(Lease.NONE, lease.epoch());
    }

    private static void assertTrustsAnew(long earlier, Lease lease) {
        assertTrusts(lease);
        assertNotEquals(earlier, lease.epoch());
    }

    private void assertTrustsUntil(long end, Lease lease) {
        now = end - 1;
        assertTrusts(lease);
        now = end;
        assertTrustsNothing(lease);
    }

    @FromAnyBeginning
    @DisplayName("a new instance trusts nothing before it has a lease and hears itself")
    void bothAreNeeded(long start) {
        Lease fresh = lease(start);
        assertTrustsNothing(fresh);

        fresh.renewed(now);
        assertTrustsNothing(fresh);
        assertTrue(fresh.isRenewed());
        assertFalse(fresh.isHeard());

        fresh.heard(now);
        assertTrusts(fresh);

        Lease deaf = lease(start);
        deaf.heard(now);
        assertTrustsNothing(deaf);
        assertFalse(deaf.isRenewed());
    }

    @FromAnyBeginning
    @DisplayName("trust ends before the entry in Redis does, counted from the moment of asking")
    void trustEndsSoonerThanTheEntry(long start) {
        Lease lease = held(start);
        assertTrustsUntil(start + TRUSTED, lease);
    }

    @FromAnyBeginning
    @DisplayName("an answer that took long gives only what is left of the lease")
    void slowAnswersGiveLess(long start) {
        Lease lease = lease(start);
        now = start + 600 * MS;
        lease.renewed(start);
        lease.heard(now);
        assertTrustsUntil(start + TRUSTED, lease);
    }

    @FromAnyBeginning
    @DisplayName("an epoch lasts as long as renewals and heartbeats leave no gap")
    void aTermLastsWithoutGaps(long start) {
        Lease lease = held(start);
        long epoch = lease.epoch();
        for (int i = 1; i <= 100; i++) {
            now = start + i * 300 * MS;
            lease.renewed(now);
            lease.heard(now - 20 * MS);
            assertEquals(epoch, lease.epoch());
        }
    }

    @FromAnyBeginning
    @DisplayName("after a gap a new epoch begins, even if nobody asked during the gap")
    void aGapEndsTheTerm(long start) {
        Lease renewalMissed = held(start);
        long epoch = renewalMissed.epoch();
        now = start + 800 * MS;
        renewalMissed.heard(now);
        now = start + TRUSTED;
        renewalMissed.renewed(now);
        assertTrustsAnew(epoch, renewalMissed);

        Lease heartbeatMissed = held(start);
        epoch = heartbeatMissed.epoch();
        now = start + 800 * MS;
        heartbeatMissed.renewed(now);
        now = start + TRUSTED;
        heartbeatMissed.heard(now);
        assertTrustsAnew(epoch, heartbeatMissed);
    }

    @FromAnyBeginning
    @DisplayName("S1: stopped and continued, it trusts nothing, and answers from before give nothing back")
    void stoppedAndContinued(long start) {
        Lease lease = held(start);
        long epoch = lease.epoch();
        long askedBefore = now;
        now = start + Duration.ofMinutes(10).toNanos();
        assertTrustsNothing(lease);

        lease.renewed(askedBefore);
        lease.heard(askedBefore);
        assertTrustsNothing(lease);

        lease.renewed(now);
        lease.heard(now);
        assertTrustsAnew(epoch, lease);
    }

    @FromAnyBeginning
    @DisplayName("S1: when a sign-off took the lease, trust ends at once, and the next lease is a new epoch")
    void aTakenLeaseEndsAtOnce(long start) {
        Lease lease = held(start);
        long epoch = lease.epoch();
        lease.lost();
        assertTrustsNothing(lease);
        assertFalse(lease.isRenewed());
        assertTrue(lease.isHeard());

        lease.renewed(now);
        assertTrustsAnew(epoch, lease);
    }

    @FromAnyBeginning
    @DisplayName("S1: an instance that stops trusts nothing any more, whatever answer is still on its way")
    void closedForGood(long start) {
        Lease lease = held(start);
        lease.close();
        lease.renewed(now);
        lease.heard(now);
        assertTrustsNothing(lease);
        lease.lost();
        now = start + 100 * MS;
        lease.heard(now);
        lease.renewed(now);
        assertTrustsNothing(lease);
        assertFalse(lease.isHeard());
        assertFalse(lease.isRenewed());
    }

    @FromAnyBeginning
    @DisplayName("no epoch is used twice, whatever order losses and gaps come in")
    void noTermComesBack(long start) {
        Lease lease = held(start);
        Set<Long> epochs = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            assertTrue(epochs.add(lease.epoch()));
            if (i % 3 == 0) {
                lease.lost();
            }
            if (i % 3 != 0) {
                now += 2 * TRUSTED;
            }
            if (i % 2 == 0) {
                assertTrustsNothing(lease);
            }
            lease.heard(now);
            lease.renewed(now);
        }
        assertFalse(epochs.contains(Lease.NONE));
    }

    @FromAnyBeginning
    @DisplayName("a heartbeat that comes back out of order does not shorten trust")
    void lateHeartbeatsDoNotShorten(long start) {
        Lease lease = held(start);
        now = start + 500 * MS;
        lease.renewed(now);
        lease.heard(now);
        lease.heard(start + 100 * MS);
        lease.renewed(start + 100 * MS);
        now = start + 500 * MS + TRUSTED - 1;
        assertTrusts(lease);
    }
}
