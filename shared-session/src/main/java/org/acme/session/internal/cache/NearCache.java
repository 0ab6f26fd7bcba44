package org.acme.session.internal.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.acme.session.contract.TokenSeal;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.store.CacheSize;
import org.acme.session.spi.InstanceCache;

/**
 * The session cache of an instance: it keeps sessions for a few seconds, while the lease lasts. One load per session: requests that
 * come while it is under way wait for it, instead of asking Redis as well. Without the lease they wait for the one after ({@link CoalescingLoader}).
 *
 * <p>Why a request that is sent after a sign-off has answered is never served from here: by then this instance has
 * either removed the session ({@link #invalidate}, {@link InvalidatedSessions}), a load under way included, or its lease has run out, and
 * with the lease everything cached in that epoch.
 *
 * @see Lease
 */
@ApplicationScoped
public class NearCache implements InstanceCache {

    /** Long for Redis, short for a person. */
    private static final Duration LOAD_TIMEOUT = Duration.ofMillis(100);

    /** @param activity whether its load counted as the user's activity: only then may a request that counts be served from it */
    private record Entry(boolean activity, long epoch, long since, long moment, CompletableFuture<Found> found) {

        /** A load that counts may wait for a provider, and who only looks must not. */
        boolean serves(boolean asActivity) {
            return asActivity ? activity : !activity || found.isDone();
        }

        Uni<Optional<LiveSession>> session() {
            if (found.isDone() && !found.isCompletedExceptionally()) {
                return Uni.createFrom().item(found.join().session());
            }
            return CurrentContext.await(found).map(Found::session);
        }
    }

    /** @param providerSession its hash, which is computed once */
    private record Found(Optional<LiveSession> session, Optional<String> providerSession) {
        static Found of(Optional<LiveSession> session) {
            return new Found(
                    session, session.flatMap(it -> it.session().identity().providerSessionHash()));
        }
    }

    private final LeaseKeeper keeper;
    private final SessionEndNotifier sessionEnds;
    private final byte[] ackKey;
    private final Cache<String, Entry> sessions;
    private final CoalescingLoader uncached = new CoalescingLoader(LOAD_TIMEOUT);
    private final CoalescingLoader uncachedLooks = new CoalescingLoader(LOAD_TIMEOUT);
    private final long ttl;
    private final InvalidatedSessions invalidated;
    private final CacheMetrics metrics;

    NearCache(
            LeaseKeeper keeper,
            SessionEndNotifier sessionEnds,
            InvalidatedSessions invalidated,
            CacheMetrics metrics,
            TokenSeal seal,
            SsoConfig config) {
        this.invalidated = invalidated;
        this.keeper = keeper;
        this.sessionEnds = sessionEnds;
        this.metrics = metrics;
        this.ackKey = seal.deriveKey("session news");
        this.ttl = config.cache().ttl().toNanos();
        this.sessions = Caffeine.newBuilder()
                .maximumSize(CacheSize.sessions(config.cache()))
                .expireAfterWrite(config.cache().ttl().plus(Duration.ofSeconds(1)))
                .build();
        metrics.sessions(sessions::estimatedSize);
    }

    /**
     * The session with that hash, from the cache if it may be trusted, otherwise loaded.
     *
     * @param stillGood whether a cached session may be used as it is
     * @param load asks Redis, and counts as the user's activity; may wait for a provider
     */
    public Uni<Optional<LiveSession>> get(
            String session, Predicate<LiveSession> stillGood, Supplier<Uni<Optional<LiveSession>>> load) {
        return get(true, session, stillGood, load);
    }

    /**
     * The same for a request that does not count as activity and waits for no provider. Requests that count are not served from
     * what it leaves here: the session would idle out under their user's hands.
     *
     * @param load asks Redis alone, and changes nothing
     */
    public Uni<Optional<LiveSession>> look(
            String session, Predicate<LiveSession> stillGood, Supplier<Uni<Optional<LiveSession>>> load) {
        return get(false, session, stillGood, load);
    }

    private Uni<Optional<LiveSession>> get(
            boolean activity,
            String session,
            Predicate<LiveSession> stillGood,
            Supplier<Uni<Optional<LiveSession>>> load) {
        keeper.used();
        long epoch = keeper.lease().epoch();
        if (epoch == Lease.NONE) {
            metrics.untrusted.increment();
            return uncached(activity).get(session, load);
        }
        long now = System.nanoTime();
        Entry known = sessions.getIfPresent(session);
        if (known != null && known.serves(activity) && isUsable(known, epoch, now, stillGood)) {
            (known.found().isDone() ? metrics.hits : metrics.coalesced).increment();
            return known.session();
        }
        Entry mine = new Entry(activity, epoch, now, invalidated.moment(), new CompletableFuture<>());
        Entry current = sessions.asMap()
                .compute(
                        session,
                        (key, old) ->
                                old != null && (old.activity() || !activity) && isUsable(old, epoch, now, stillGood)
                                        ? old
                                        : mine);
        if (current != mine) {
            metrics.coalesced.increment();
            return current.serves(activity)
                    ? current.session()
                    : uncached(activity).get(session, load);
        }
        metrics.misses.increment();
        // Subscribed on its own, so that a client that goes away does not leave the others waiting.
        Uni.createFrom()
                .deferred(load::get)
                .subscribe()
                .with(loaded -> cache(session, mine, loaded), failure -> forgo(session, mine, failure));
        return mine.session();
    }

    private CoalescingLoader uncached(boolean activity) {
        return activity ? uncached : uncachedLooks;
    }

    private boolean isUsable(Entry known, long epoch, long now, Predicate<LiveSession> stillGood) {
        if (known.epoch() != epoch || now - known.since() > ttl) {
            return false;
        }
        CompletableFuture<Found> found = known.found();
        if (!found.isDone()) {
            return !invalidated.anySince(known.moment());
        }
        // A failed load is gone from the map, but a request may have looked just before that.
        return !found.isCompletedExceptionally()
                && !invalidated.contains(known.moment(), found.join().providerSession())
                && found.join().session().filter(stillGood).isPresent();
    }

    /** Only what lives is cached: "not there" and "cannot tell" are asked again by the next request. */
    private void cache(String session, Entry mine, Optional<LiveSession> loaded) {
        if (loaded.isEmpty()) {
            sessions.asMap().remove(session, mine);
        }
        mine.found().complete(Found.of(loaded));
    }

    private void forgo(String session, Entry mine, Throwable failure) {
        sessions.asMap().remove(session, mine);
        mine.found().completeExceptionally(failure);
    }

    /** How many sessions are cached now, more or less. */
    public long size() {
        return sessions.estimatedSize();
    }

    /** Whether what is cached may be trusted now. */
    public boolean isTrusted() {
        return keeper.lease().epoch() != Lease.NONE;
    }

    /** Somebody watches this instance: it holds its lease as if a request had come. */
    public void keepInUse() {
        keeper.used();
    }

    @Override
    public boolean isInUse() {
        return keeper.isInUse();
    }

    @Override
    public String instance() {
        return keeper.instance();
    }

    @Override
    public byte[] ackKey() {
        return ackKey.clone();
    }

    /** Drops a cached session so that the next request reads it again. */
    public void invalidate(String session) {
        sessions.asMap().remove(session);
    }

    /** With a provider session, everything that it opened: one announcement serves the sessions of ten tabs. */
    @Override
    public void invalidate(String session, Optional<String> providerSession) {
        invalidate(session);
        providerSession.ifPresent(invalidated::add);
        sessionEnds.wake(session, providerSession);
    }

    @Override
    public void heartbeatReturned(long sentAt) {
        keeper.heartbeatReturned(sentAt);
    }
}
