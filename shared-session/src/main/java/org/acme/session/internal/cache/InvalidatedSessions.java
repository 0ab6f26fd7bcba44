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
 * Which provider sessions have been invalidated. A cache looks here before it uses an entry, instead of being searched for
 * the entries of a provider session: a sign-off costs the same however much is cached. An invalidation is kept for as long
 * as an older entry could be used.
 *
 * <p>Time is counted in sign-offs: a moment is how many there were. What was asked for at an earlier moment than an
 * invalidation's is invalid; what was asked for later knows of it from Redis.
 */
@Singleton
public class InvalidatedSessions {

    /** Beyond that, everything cached until then is invalid at once: memory is bounded, and nothing is trusted wrongly. */
    static final int MOST = 20_000;

    private record Invalidation(String providerSession, long moment, long nanos) {}

    private final ConcurrentMap<String, Long> moments = new ConcurrentHashMap<>();
    private final Queue<Invalidation> inOrder = new ArrayDeque<>();
    private volatile long moment;
    private volatile long everythingUntil;
    private final LongSupplier nanoTime;
    private final long kept;

    @Inject
    InvalidatedSessions(SsoConfig config) {
        this(longest(config.cache().ttl(), config.bearer().cacheTtl()), System::nanoTime);
    }

    /** @param usedFor how long a cached entry is used @param nanoTime a monotonic clock, in nanoseconds */
    InvalidatedSessions(Duration usedFor, LongSupplier nanoTime) {
        this.kept = usedFor.plusSeconds(1).toNanos();
        this.nanoTime = nanoTime;
    }

    private static Duration longest(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    /** To be noted before something is asked that will be cached. */
    public long moment() {
        return moment;
    }

    /** @param providerSession SHA-256 of issuer and {@code sid} */
    synchronized void add(String providerSession) {
        long now = nanoTime.getAsLong();
        long at = moment + 1;
        // From here on nothing new counts as asked for before; the invalidation is there when this method returns.
        moment = at;
        moments.put(providerSession, at);
        inOrder.add(new Invalidation(providerSession, at, now));
        while (now - inOrder.peek().nanos() > kept) {
            Invalidation oldest = inOrder.remove();
            moments.remove(oldest.providerSession(), oldest.moment());
        }
        if (inOrder.size() > MOST) {
            everythingUntil = at;
            moments.clear();
            inOrder.clear();
        }
    }

    /** Whether anything has been invalidated since: what is not known yet may belong to it. */
    public boolean anySince(long then) {
        return moment > then;
    }

    /** Whether what was asked for at that moment, and belongs to that provider session, has been invalidated. */
    public boolean contains(long then, Optional<String> providerSession) {
        if (!anySince(then)) {
            return false;
        }
        return everythingUntil > then
                || providerSession.map(moments::get).filter(at -> at > then).isPresent();
    }
}
