package org.acme.session.internal.cache;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.acme.session.internal.config.SsoConfig;

/**
 * Which provider sessions are to be forgotten, so that whoever remembers something of one looks here before it uses that,
 * instead of being searched through: a sign-off costs the same however much is remembered. A mark is kept for as long as
 * anything from before it could be used.
 *
 * <p>Time is counted in sign-offs: a moment is how many there were. What was asked for at an earlier moment than a mark's has
 * been forgotten; what was asked for later knows of it from Redis.
 */
@Singleton
public class ForgottenSessions {

    /** Beyond that, everything remembered until then is forgotten at once: memory is bounded, and nothing is trusted wrongly. */
    static final int MOST = 20_000;

    private record Mark(String providerSession, long moment, long nanos) {}

    private final ConcurrentMap<String, Long> marks = new ConcurrentHashMap<>();
    private final Queue<Mark> inOrder = new ArrayDeque<>();
    private volatile long moment;
    private volatile long everythingUntil;
    private final LongSupplier nanoTime;
    private final long kept;

    @Inject
    ForgottenSessions(SsoConfig config) {
        this(longest(config.cache().ttl(), config.bearer().cacheTtl()), System::nanoTime);
    }

    /** @param usedFor how long anything that is remembered is used @param nanoTime a monotonic clock, in nanoseconds */
    ForgottenSessions(Duration usedFor, LongSupplier nanoTime) {
        this.kept = usedFor.plusSeconds(1).toNanos();
        this.nanoTime = nanoTime;
    }

    private static Duration longest(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** To be noted before something is asked that will be remembered. */
    public long moment() {
        return moment;
    }

    /** @param providerSession SHA-256 of issuer and {@code sid} */
    synchronized void forget(String providerSession) {
        long now = nanoTime.getAsLong();
        long at = moment + 1;
        // From here on nothing new counts as asked for before; the mark is there when this method returns.
        moment = at;
        marks.put(providerSession, at);
        inOrder.add(new Mark(providerSession, at, now));
        while (now - inOrder.peek().nanos() > kept) {
            Mark oldest = inOrder.remove();
            marks.remove(oldest.providerSession(), oldest.moment());
        }
        if (inOrder.size() > MOST) {
            everythingUntil = at;
            marks.clear();
            inOrder.clear();
        }
    }

    /** Whether anything has been forgotten since: what is not known yet may belong to it. */
    public boolean anySince(long then) {
        return moment > then;
    }

    /** Whether what was asked for at that moment, and belongs to that provider session, has been forgotten. */
    public boolean isForgotten(long then, Optional<String> providerSession) {
        if (!anySince(then)) {
            return false;
        }
        return everythingUntil > then
                || providerSession.map(marks::get).filter(mark -> mark > then).isPresent();
    }
}
