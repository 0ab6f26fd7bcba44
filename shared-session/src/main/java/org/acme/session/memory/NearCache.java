package org.acme.session.memory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.acme.session.SsoConfig;
import org.acme.session.contract.TokenSeal;
import org.acme.session.spi.InstanceMemory;

/**
 * Remembers sessions for a few seconds, while the lease lasts. One load per session: who asks while it is under way
 * waits for it, instead of asking Redis as well. Without the lease they wait for the one after ({@link FreshLoads}).
 *
 * <p>Why a request that is sent after a sign-off has answered is never served from here: by then this instance has
 * either forgotten the session ({@link #forget}), which takes the load under way along, or its lease has run out, and
 * with the lease everything remembered in that term.
 *
 * @see Lease
 */
@ApplicationScoped
public class NearCache implements InstanceMemory {

    /** Long for Redis, short for a person. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private record Remembered(long term, long since, CompletableFuture<Optional<LiveSession>> session) {}

    private final LeaseKeeper keeper;
    private final EndSignals signals;
    private final byte[] newsKey;
    private final Cache<String, Remembered> sessions;
    private final FreshLoads unremembered = new FreshLoads(PATIENCE);
    private final long readAgainAfter;
    private final List<Consumer<String>> forgetsProviderSessions = new CopyOnWriteArrayList<>();
    private final MemoryMetrics metrics;

    NearCache(LeaseKeeper keeper, EndSignals signals, MemoryMetrics metrics, TokenSeal seal, SsoConfig config) {
        this.keeper = keeper;
        this.signals = signals;
        this.metrics = metrics;
        this.newsKey = seal.deriveKey("session news");
        this.readAgainAfter = config.memory().readAgainAfter().toNanos();
        this.sessions = Caffeine.newBuilder()
                .maximumSize(config.memory().sessions())
                .expireAfterWrite(config.memory().readAgainAfter().plus(Duration.ofSeconds(1)))
                .build();
        metrics.sessions(sessions::estimatedSize);
    }

    /**
     * The session with that hash, from memory if it may be trusted, otherwise loaded.
     *
     * @param stillGood whether a remembered session may be used as it is
     * @param load asks Redis
     */
    public Uni<Optional<LiveSession>> get(
            String session, Predicate<LiveSession> stillGood, Supplier<Uni<Optional<LiveSession>>> load) {
        long term = keeper.lease().term();
        if (term == Lease.NONE) {
            metrics.untrusted.increment();
            return unremembered.get(session, load);
        }
        long now = System.nanoTime();
        Remembered known = sessions.getIfPresent(session);
        if (known != null && isUsable(known, term, now, stillGood)) {
            (known.session().isDone() ? metrics.hits : metrics.waits).increment();
            return await(known.session());
        }
        Remembered mine = new Remembered(term, now, new CompletableFuture<>());
        Remembered current = sessions.asMap()
                .compute(session, (key, old) -> old != null && isUsable(old, term, now, stillGood) ? old : mine);
        if (current != mine) {
            metrics.waits.increment();
            return await(current.session());
        }
        metrics.misses.increment();
        // Subscribed on its own, so that a client that goes away does not leave the others waiting.
        Uni.createFrom()
                .deferred(load::get)
                .subscribe()
                .with(loaded -> remember(session, mine, loaded), failure -> forgo(session, mine, failure));
        return await(mine.session());
    }

    private boolean isUsable(Remembered known, long term, long now, Predicate<LiveSession> stillGood) {
        if (known.term() != term || now - known.since() > readAgainAfter) {
            return false;
        }
        CompletableFuture<Optional<LiveSession>> session = known.session();
        // A failed load is gone from the map, but a request may have looked just before that.
        return !session.isDone()
                || !session.isCompletedExceptionally()
                        && session.getNow(Optional.empty()).filter(stillGood).isPresent();
    }

    /** Only what lives is remembered: "not there" and "cannot tell" are asked again by the next request. */
    private void remember(String session, Remembered mine, Optional<LiveSession> loaded) {
        if (loaded.isEmpty()) {
            sessions.asMap().remove(session, mine);
        }
        mine.session().complete(loaded);
    }

    private void forgo(String session, Remembered mine, Throwable failure) {
        sessions.asMap().remove(session, mine);
        mine.session().completeExceptionally(failure);
    }

    /** Waits for a load of another request, and goes on in the context of this one. */
    private static Uni<Optional<LiveSession>> await(CompletableFuture<Optional<LiveSession>> session) {
        if (session.isDone() && !session.isCompletedExceptionally()) {
            return Uni.createFrom().item(session.getNow(Optional.empty()));
        }
        return CallerContext.await(session);
    }

    @Override
    public String instance() {
        return keeper.instance();
    }

    @Override
    public byte[] newsKey() {
        return newsKey.clone();
    }

    /** Drops a remembered session so that the next request reads it again. */
    public void forget(String session) {
        sessions.asMap().remove(session);
    }

    /** Whoever remembers something else of provider sessions is told their hash when it has to be forgotten. */
    public void alsoForget(Consumer<String> providerSession) {
        forgetsProviderSessions.add(providerSession);
    }

    /** With a provider session, everything that it opened: one announcement serves the sessions of ten tabs. */
    @Override
    public void forget(String session, Optional<String> providerSession) {
        forget(session);
        providerSession.ifPresent(hash -> {
            sessions.asMap().values().removeIf(known -> mayBelongTo(hash, known));
            forgetsProviderSessions.forEach(also -> also.accept(hash));
        });
        signals.wake(session, providerSession);
    }

    /** A load under way does not tell yet, so it goes as well; that costs one read. */
    private static boolean mayBelongTo(String providerSession, Remembered known) {
        CompletableFuture<Optional<LiveSession>> session = known.session();
        return !session.isDone()
                || session.isCompletedExceptionally()
                || session.join()
                        .flatMap(live -> live.session().identity().providerSessionHash())
                        .filter(providerSession::equals)
                        .isPresent();
    }

    @Override
    public void heartbeatReturned(long sentAt) {
        keeper.heartbeatReturned(sentAt);
    }
}
