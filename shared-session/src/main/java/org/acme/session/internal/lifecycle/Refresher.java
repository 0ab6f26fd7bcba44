package org.acme.session.internal.lifecycle;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.cache.CurrentContext;
import org.acme.session.internal.cache.NearCache;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.observability.SessionAudit;
import org.acme.session.internal.observability.SessionAudit.Refresh;
import org.acme.session.internal.oidc.TokenRefresh;
import org.acme.session.internal.store.RefreshLock;
import org.acme.session.internal.store.RefreshNotes;
import org.acme.session.internal.store.SessionStore;
import org.acme.session.log.RateLimitedLog;
import org.jboss.logging.Logger;

/**
 * Token refresh, once per expiry across the whole fleet: lock, read again, refresh, write if the session
 * has not ended and the tokens are still those that were used. A request that does not get the lock uses what the winner wrote.
 */
@Singleton
class Refresher {

    private static final Logger LOG = Logger.getLogger(Refresher.class);

    private static final Duration REST = Duration.ofSeconds(2);

    /** How long a loser waits before it looks for the winner's tokens again. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(40);

    private final RateLimitedLog outage = new RateLimitedLog(Refresher.class);

    /**
     * Sessions whose provider was asked just now, or has just failed: requests that need not wait leave it alone for a while. So it
     * is not asked again and again where tokens are due as soon as they come, because they are valid for a shorter time than they
     * are refreshed ahead. Who has to wait for a new token anyway asks all the same.
     */
    private final Cache<SessionId, Boolean> resting =
            Caffeine.newBuilder().maximumSize(10_000).expireAfterWrite(REST).build();

    private final SessionStore store;
    private final RefreshLock lock;
    private final RefreshNotes notes;
    private final TokenRefresh provider;
    private final GrantedTokens tokens;
    private final SignOff signOff;
    private final NearCache cache;
    private final Vertx vertx;
    private final Clock clock;
    private final SessionAudit audit;
    private final Duration ahead;
    private final Duration requestTimeout;

    Refresher(
            SessionStore store,
            RefreshLock lock,
            RefreshNotes notes,
            TokenRefresh provider,
            GrantedTokens tokens,
            SignOff signOff,
            NearCache cache,
            Vertx vertx,
            Clock clock,
            SsoConfig config,
            SessionAudit audit) {
        this.store = store;
        this.lock = lock;
        this.notes = notes;
        this.provider = provider;
        this.tokens = tokens;
        this.signOff = signOff;
        this.cache = cache;
        this.vertx = vertx;
        this.clock = clock;
        this.audit = audit;
        this.ahead = config.refresh().timeSkew();
        this.requestTimeout = config.refresh().requestTimeout();
    }

    /** When the tokens of a session are due for a refresh, or for a question whether they are still good. */
    Instant dueAt(SessionRecord session) {
        return session.tokens().accessExpires().minus(ahead);
    }

    /**
     * The session with tokens that are good. While the access token lives nobody waits: the refresh goes on beside the
     * request, and the session as it is will do. Empty when the session has ended meanwhile, the provider refused the refresh
     * token, or the access token has expired and the provider wants its user to sign in again: the session lives on then, until
     * that sign-in replaces it. Fails with {@link TokensUnavailableException} when the access token has expired and no new one
     * is to be had in time.
     */
    Uni<Optional<SessionRecord>> refreshed(SessionRecord session) {
        if (!isDue(session)) {
            return found(session);
        }
        if (hasExpired(session)) {
            return refresh(session, clock.instant().plus(requestTimeout));
        }
        refreshBeside(session);
        return found(session);
    }

    /** Refreshes the tokens if they are due, and lets nobody wait for it: what became of it, the next look shows. */
    void refreshBeside(SessionRecord session) {
        if (!isDue(session) || resting.asMap().putIfAbsent(session.id(), true) != null) {
            return;
        }
        String holder = UUID.randomUUID().toString();
        lock.tryAcquire(session.id(), holder)
                .chain(mine -> mine ? refreshHolding(session, holder) : found(session))
                .subscribe()
                .with(
                        done -> cache.invalidate(session.id().hash()),
                        failure -> LOG.debugf("The tokens of %s were not refreshed ahead", session));
    }

    private boolean isDue(SessionRecord session) {
        return !clock.instant().isBefore(dueAt(session));
    }

    boolean hasExpired(SessionRecord session) {
        return !clock.instant().isBefore(session.tokens().accessExpires());
    }

    private Uni<Optional<SessionRecord>> refresh(SessionRecord session, Instant deadline) {
        String holder = UUID.randomUUID().toString();
        return lock.tryAcquire(session.id(), holder)
                .chain(mine -> mine
                        ? waitFor(session, refreshHolding(session, holder), deadline)
                        : useWinners(session, deadline));
    }

    /**
     * A request waits for so long and no longer, what it has waited for others included; the refresh it began goes on, for its
     * token may be spent by now.
     */
    private Uni<Optional<SessionRecord>> waitFor(
            SessionRecord session, Uni<Optional<SessionRecord>> refresh, Instant deadline) {
        return CurrentContext.await(refresh.subscribe().asCompletionStage())
                .ifNoItem()
                .after(until(deadline))
                .failWith(() -> new TokensUnavailableException(session, "The provider takes too long"));
    }

    /** Whatever the clock does meanwhile, it is some time, and no more than a request waits. */
    private Duration until(Instant deadline) {
        Duration left = Duration.between(clock.instant(), deadline);
        Duration atLeast = left.compareTo(LOOK_AGAIN) < 0 ? LOOK_AGAIN : left;
        return atLeast.compareTo(requestTimeout) < 0 ? atLeast : requestTimeout;
    }

    private Uni<Optional<SessionRecord>> refreshHolding(SessionRecord session, String holder) {
        // While the provider takes its time, the lock stays ours: a second grant would use a spent refresh token.
        long extending = vertx.setPeriodic(lock.extendEvery().toMillis(), timer -> lock.extend(session.id(), holder)
                .subscribe()
                .with(done -> {}, failure -> LOG.debugf("The refresh lock of %s was not extended", session.id())));
        return store.peek(session.id())
                .chain(now -> now.filter(this::isDue).isPresent()
                        ? grantUnlessNoted(now.get())
                        : Uni.createFrom().item(now))
                .onTermination()
                .invoke(() -> vertx.cancelTimer(extending))
                .eventually(() -> lock.release(session.id(), holder).onFailure().recoverWithNull());
    }

    /** What a provider said a moment ago it would say again, to every request of every instance. */
    private Uni<Optional<SessionRecord>> grantUnlessNoted(SessionRecord session) {
        return notes.wantsSignIn(session).chain(wanted -> wanted ? whileItLives(session) : grant(session));
    }

    private Uni<Optional<SessionRecord>> whileItLives(SessionRecord session) {
        return hasExpired(session) ? Uni.createFrom().item(Optional.empty()) : found(session);
    }

    private Uni<Optional<SessionRecord>> grant(SessionRecord session) {
        return provider.refresh(session).chain(result -> {
            if (result instanceof TokenRefresh.Granted granted) {
                return tokens.write(session, granted.session());
            }
            if (result instanceof TokenRefresh.Refused) {
                audit.refreshed(session, Refresh.REFUSED);
                return signOff.refreshRefused(session)
                        .chain(ended -> ended ? Uni.createFrom().item(Optional.empty()) : store.peek(session.id()));
            }
            if (result instanceof TokenRefresh.SignInAgain again) {
                audit.refreshed(session, Refresh.SIGN_IN_AGAIN);
                LOG.warnf(
                        "The tokens of %s were not refreshed, its user has to sign in again: %s",
                        session, again.error());
                return notes.wantSignIn(session).chain(() -> whileItLives(session));
            }
            audit.refreshed(session, Refresh.UNCLEAR);
            resting.put(session.id(), true);
            String why = ((TokenRefresh.Unclear) result).why();
            outage.warn("The tokens of %s were not refreshed: %s", session.id(), why);
            return hasExpired(session)
                    ? Uni.createFrom()
                            .failure(new TokensUnavailableException(
                                    session, "The provider could not refresh the tokens"))
                    : found(session);
        });
    }

    private Uni<Optional<SessionRecord>> useWinners(SessionRecord session, Instant deadline) {
        if (!hasExpired(session)) {
            return found(session);
        }
        if (!clock.instant().isBefore(deadline)) {
            return Uni.createFrom()
                    .failure(
                            new TokensUnavailableException(session, "Another instance is still refreshing the tokens"));
        }
        return Uni.createFrom()
                .voidItem()
                .onItem()
                .delayIt()
                .by(LOOK_AGAIN)
                .chain(() -> store.peek(session.id()))
                .chain(now -> now.filter(this::hasExpired).isPresent()
                        ? refresh(now.get(), deadline)
                        : Uni.createFrom().item(now));
    }

    private static Uni<Optional<SessionRecord>> found(SessionRecord session) {
        return Uni.createFrom().item(Optional.of(session));
    }
}
