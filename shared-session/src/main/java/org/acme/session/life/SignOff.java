package org.acme.session.life;

import io.smallrye.mutiny.CompositeException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.acme.session.SignOffOutcome;
import org.acme.session.SsoConfig;
import org.acme.session.contract.SessionId;
import org.acme.session.memory.NearCache;
import org.acme.session.provider.ProviderSessions;
import org.acme.session.spi.Reach;
import org.acme.session.spi.SessionEnded;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Audience;
import org.acme.session.spi.SessionEnded.Reason;
import org.acme.session.spi.SignOffTransport;
import org.acme.session.store.EndResult;
import org.acme.session.store.LeaseTable;
import org.acme.session.store.SessionIndex;
import org.acme.session.store.SessionStore;
import org.jboss.logging.Logger;

/**
 * Ends sessions, in this order: end in Redis; announce; wait until every instance that may still trust its memory has
 * confirmed, or its lease has run out. Only then does a sign-off answer, so that nothing accepts the session afterwards,
 * whatever is stuck, dead or lost in between.
 *
 * <p>The holders of leases are read <em>after</em> the end: who gets a lease later starts with an empty memory and reads
 * that the session has ended. Who does not confirm loses the right to renew, so its lease runs out in one lease at most.
 */
@Singleton
public class SignOff {

    private static final Logger LOG = Logger.getLogger(SignOff.class);

    /** A guest's write that was in flight has arrived by then. */
    private static final Duration SECOND_LOOK = Duration.ofSeconds(2);

    private final SessionStore store;
    private final SessionIndex index;
    private final LeaseTable leases;
    private final NearCache memory;
    private final ProviderSessions providerSessions;
    private final Instance<SignOffTransport> transport;
    private final Vertx vertx;
    private final Duration patience;

    SignOff(
            SessionStore store,
            SessionIndex index,
            LeaseTable leases,
            NearCache memory,
            ProviderSessions providerSessions,
            Instance<SignOffTransport> transport,
            Vertx vertx,
            SsoConfig config) {
        this.store = store;
        this.index = index;
        this.leases = leases;
        this.memory = memory;
        this.providerSessions = providerSessions;
        this.transport = transport;
        this.vertx = vertx;
        this.patience = config.memory().patience();
    }

    /**
     * Signs a user off in one browser: ends the session, the others that the same provider session opened, and that
     * provider session. May be asked twice.
     *
     * @return fails with {@link org.acme.session.SessionUnavailableException} when Redis cannot be asked; the browser
     *     then keeps its cookie, and asking again completes what was begun
     */
    public Uni<SignOffOutcome> signOff(SessionId id, Actor actor) {
        return store.end(id, Reason.SIGNED_OFF, actor).chain(ended -> {
            Uni<Boolean> atProvider = providerSessions.end(ended.provider(), ended.refreshToken());
            Uni<Void> everywhere =
                    forgetEverywhere(id, ended, Reason.SIGNED_OFF, actor).chain(() -> endSiblings(id, ended, actor));
            return Uni.combine()
                    .all()
                    .unis(everywhere, atProvider)
                    .asTuple()
                    .map(both -> outcome(ended, both.getItem2()));
        });
    }

    /** A session that had ended before was ended at its provider then, as far as that was possible. */
    private static SignOffOutcome outcome(EndResult ended, boolean providerConfirmed) {
        return ended.outcome() != EndResult.Outcome.ENDED || providerConfirmed
                ? SignOffOutcome.SIGNED_OFF
                : SignOffOutcome.PROVIDER_MAY_REMEMBER;
    }

    /** Ends a session that a new sign-in in the same browser has replaced. Nothing ends at the provider. */
    public Uni<Void> replaced(SessionId id) {
        return store.end(id, Reason.REPLACED, Actor.USER)
                .chain(ended -> forgetEverywhere(id, ended, Reason.REPLACED, Actor.USER));
    }

    /**
     * Ends a session whose refresh token the provider refused, unless other tokens are there by now.
     *
     * @return whether it has ended
     */
    Uni<Boolean> refreshRefused(SessionId id, long tokensRev) {
        return store.endUnlessRefreshed(id, Reason.REFRESH_REFUSED, Actor.PROVIDER, tokensRev)
                .chain(ended -> forgetEverywhere(id, ended, Reason.REFRESH_REFUSED, Actor.PROVIDER)
                        .replaceWith(ended.outcome() != EndResult.Outcome.REFRESHED));
    }

    /** Tabs that signed in at once have a session each; they end with the provider session that they share. */
    private Uni<Void> endSiblings(SessionId id, EndResult ended, Actor actor) {
        if (ended.providerSessionHash().isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        return index.ofProviderSession(ended.providerSessionHash().get()).chain(sessions -> {
            List<Uni<Void>> ends = sessions.stream()
                    .filter(session -> !session.equals(id))
                    .map(session -> endSibling(session, actor))
                    .toList();
            return ends.isEmpty()
                    ? Uni.createFrom().voidItem()
                    : Uni.join()
                            .all(ends)
                            .andCollectFailures()
                            .onFailure(CompositeException.class)
                            .transform(failures -> failures.getCause())
                            .replaceWithVoid();
        });
    }

    private Uni<Void> endSibling(SessionId id, Actor actor) {
        return store.end(id, Reason.SIGNED_OFF, actor)
                // Also when it had ended before: a sign-off that could not finish may have ended it, and told nobody.
                .chain(ended -> forgetEverywhere(id, ended, Reason.SIGNED_OFF, actor));
    }

    private Uni<Void> forgetEverywhere(SessionId id, EndResult ended, Reason reason, Actor actor) {
        if (!ended.hasEnded()) {
            return Uni.createFrom().voidItem();
        }
        if (ended.outcome() == EndResult.Outcome.ENDED) {
            LOG.infof("Session %s ended: %s by %s", id.fingerprint(), reason.text(), actor.text());
        }
        memory.forget(id.hash(), ended.providerSessionHash());
        vertx.setTimer(SECOND_LOOK.toMillis(), timer -> lookAgain(id));
        return refuseBearers(ended, reason)
                .chain(leases::holders)
                .chain(holders -> tellAndWait(id, ended, reason, actor, holders));
    }

    private Uni<Void> refuseBearers(EndResult ended, Reason reason) {
        // A replaced session's provider session goes on, and with it its access tokens.
        return reason == Reason.REPLACED || ended.providerSessionHash().isEmpty()
                ? Uni.createFrom().voidItem()
                : index.markEnded(ended.providerSessionHash().get());
    }

    private Uni<Void> tellAndWait(SessionId id, EndResult ended, Reason reason, Actor actor, Set<String> holders) {
        Set<String> others = new HashSet<>(holders);
        others.remove(memory.instance());
        SessionEnded news =
                new SessionEnded(id.hash(), ended.providerSessionHash(), reason, actor, new Audience(others, patience));
        Uni<Reach> announced = transport.isResolvable()
                ? transport.get().announce(news)
                : Uni.createFrom().item(Reach.NOBODY);
        return announced.chain(reach -> {
            others.removeAll(reach.confirmed());
            return others.isEmpty() ? Uni.createFrom().voidItem() : waitOut(others);
        });
    }

    /** Whatever a transport does wrong, its silence is as good as a lost message: the leases are waited out. */
    private Uni<Reach> announce(SessionEnded news) {
        if (!transport.isResolvable()) {
            return Uni.createFrom().item(Reach.NOBODY);
        }
        return Uni.createFrom()
                .deferred(() -> transport.get().announce(news))
                .ifNoItem()
                .after(patience.multipliedBy(2))
                .fail()
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf("The end of a session was not announced: %s", failure.toString());
                    return Reach.NOBODY;
                });
    }

    private Uni<Void> waitOut(Set<String> unconfirmed) {
        return leases.revoke(unconfirmed).chain(remaining -> {
            LOG.warnf(
                    "%d instances did not confirm; their leases end in %d ms",
                    unconfirmed.size(), remaining.toMillis());
            return remaining.isZero()
                    ? Uni.createFrom().voidItem()
                    : Uni.createFrom().voidItem().onItem().delayIt().by(remaining);
        });
    }

    /** Takes away what a guest's write in flight has put back. */
    private void lookAgain(SessionId id) {
        store.peek(id).subscribe().with(nothing -> {}, failure -> LOG.debugf("No second look at %s", id));
    }
}
