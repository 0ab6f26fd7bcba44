package org.acme.session.internal.cache;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/**
 * Whether this instance may trust its cache now (Gray and Cheriton, "Leases", 1989). It may while both hold: its entry
 * in Redis was renewed, and a heartbeat of its own came back through the transport, each sent less than one lease ago.
 *
 * <p>Counted on this machine's monotonic clock from the moment of <em>sending</em>, and shorter by a margin: it is over
 * here before it is over in Redis, also after the process was stopped and continued. A new epoch begins whenever trust
 * had been lost; what was cached in an older epoch stays worthless.
 */
final class Lease {

    /** No epoch: nothing may be trusted. */
    static final long NONE = 0;

    /** @param epoch {@link #NONE} for ever, when the lease is closed */
    private record State(long epoch, long renewedUntil, long heardUntil) {
        boolean holds(long now) {
            return now - renewedUntil < 0 && now - heardUntil < 0;
        }
    }

    private final AtomicReference<State> state;
    private final LongSupplier nanoTime;
    private final long trusted;

    /**
     * @param nanoTime a monotonic clock, in nanoseconds
     * @param length how long the entry in Redis lives
     */
    Lease(LongSupplier nanoTime, Duration length) {
        this.nanoTime = nanoTime;
        this.trusted = length.toNanos() * 9 / 10;
        long now = nanoTime.getAsLong();
        this.state = new AtomicReference<>(new State(1, now, now));
    }

    /** The current epoch, or {@link #NONE} when the cache may not be trusted now. */
    long epoch() {
        State current = state.get();
        return current.holds(nanoTime.getAsLong()) ? current.epoch() : NONE;
    }

    /** Redis renewed the entry. @param sentAt when it was asked to */
    void renewed(long sentAt) {
        update(sentAt, true, false);
    }

    /** A heartbeat of our own came back. @param sentAt when it was sent */
    void heard(long sentAt) {
        update(sentAt, false, true);
    }

    /** Redis said that the entry was gone: a sign-off took it, or it ran out. */
    void lost() {
        state.updateAndGet(s -> s.epoch() == NONE ? s : new State(s.epoch() + 1, nanoTime.getAsLong(), s.heardUntil()));
    }

    /** The instance stops: nothing is trusted from now on, whatever answer is still on its way. */
    void close() {
        long now = nanoTime.getAsLong();
        state.set(new State(NONE, now, now));
    }

    /** Whether the transport has carried a heartbeat lately; without, a lease would only make sign-offs wait. */
    boolean isHeard() {
        return nanoTime.getAsLong() - state.get().heardUntil() < 0;
    }

    /** Whether Redis has an entry of ours, as far as we know. */
    boolean isRenewed() {
        return nanoTime.getAsLong() - state.get().renewedUntil() < 0;
    }

    private void update(long sentAt, boolean renewed, boolean heard) {
        long until = sentAt + trusted;
        state.updateAndGet(s -> {
            if (s.epoch() == NONE) {
                return s;
            }
            // Looked at before the change: a gap in trust ends the epoch, even if nobody asked during the gap.
            long epoch = s.holds(nanoTime.getAsLong()) ? s.epoch() : s.epoch() + 1;
            return new State(
                    epoch,
                    renewed ? later(s.renewedUntil(), until) : s.renewedUntil(),
                    heard ? later(s.heardUntil(), until) : s.heardUntil());
        });
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }
}
