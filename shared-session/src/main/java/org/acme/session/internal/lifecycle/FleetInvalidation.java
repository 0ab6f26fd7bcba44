package org.acme.session.internal.lifecycle;

import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.acme.session.contract.EndResult;
import org.acme.session.contract.SessionId;
import org.acme.session.internal.cache.NearCache;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.observability.SessionAudit;
import org.acme.session.internal.store.LeaseRepository;
import org.acme.session.spi.Acknowledgements;
import org.acme.session.spi.SessionEnded;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.acme.session.spi.SignOffTransport;
import org.jboss.logging.Logger;

/**
 * Removes a session that has ended in Redis from the cache of every instance: announce; wait until every instance that may still trust
 * its cache has confirmed, or its lease has run out. When the result is there, nothing accepts the session any more,
 * whatever is stuck, dead or lost in between.
 *
 * <p>The holders of leases are read <em>after</em> the end: who gets a lease later starts with an empty cache and reads
 * that the session has ended. Who does not confirm loses the right to renew, so its lease runs out in one lease at most.
 */
@Singleton
class FleetInvalidation {

    private static final Logger LOG = Logger.getLogger(FleetInvalidation.class);

    private final LeaseRepository leases;
    private final NearCache cache;
    private final Instance<SignOffTransport> transport;
    private final Duration ackTimeout;
    private final SessionAudit audit;

    FleetInvalidation(
            LeaseRepository leases,
            NearCache cache,
            Instance<SignOffTransport> transport,
            SsoConfig config,
            SessionAudit audit) {
        this.leases = leases;
        this.cache = cache;
        this.transport = transport;
        this.audit = audit;
        this.ackTimeout = config.signOff().ackTimeout();
    }

    Uni<FleetReply> invalidate(SessionId id, EndResult ended, Reason reason, Actor actor) {
        cache.invalidate(id.hash(), ended.providerSessionHash());
        return leases.holders().chain(holders -> tellAndWait(id, ended, reason, actor, holders));
    }

    private Uni<FleetReply> tellAndWait(
            SessionId id, EndResult ended, Reason reason, Actor actor, Set<String> holders) {
        Set<String> others = new HashSet<>(holders);
        others.remove(cache.instance());
        SessionEnded event =
                new SessionEnded(id.hash(), ended.providerSessionHash(), reason, actor, others, ackTimeout);
        return announce(event).chain(acks -> {
            int instances = others.size() + 1;
            others.removeAll(acks.instances());
            FleetReply reply = new FleetReply(instances, instances - others.size());
            return others.isEmpty()
                    ? Uni.createFrom().item(reply)
                    : waitOut(others, reason).replaceWith(reply);
        });
    }

    /** Whatever a transport does wrong, its silence is as good as a lost message: the leases are waited out. */
    private Uni<Acknowledgements> announce(SessionEnded event) {
        if (!transport.isResolvable()) {
            return Uni.createFrom().item(Acknowledgements.NONE);
        }
        return Uni.createFrom()
                .deferred(() -> transport.get().announce(event))
                .ifNoItem()
                .after(ackTimeout.multipliedBy(2))
                .fail()
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.warnf("The end of a session was not announced: %s", failure.toString());
                    return Acknowledgements.NONE;
                });
    }

    private Uni<Void> waitOut(Set<String> unacknowledged, Reason reason) {
        audit.unacknowledged(unacknowledged.size());
        Uni<Duration> left =
                reason == Reason.REPLACED ? leases.revokeAtMaster(unacknowledged) : leases.revoke(unacknowledged);
        return left.chain(remaining -> {
            LOG.warnf(
                    "%d instances did not acknowledge; their leases end in %d ms",
                    unacknowledged.size(), remaining.toMillis());
            return remaining.isZero()
                    ? Uni.createFrom().voidItem()
                    : Uni.createFrom().voidItem().onItem().delayIt().by(remaining);
        });
    }
}
