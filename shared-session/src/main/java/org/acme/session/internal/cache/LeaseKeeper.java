package org.acme.session.internal.cache;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.store.LeaseRepository;
import org.acme.session.spi.SignOffTransport;
import org.jboss.logging.Logger;

/** Renews this instance's lease, as long as a transport carries its heartbeats. */
@ApplicationScoped
class LeaseKeeper {

    private static final Logger LOG = Logger.getLogger(LeaseKeeper.class);

    /** Requests on many threads note their time no more often than this. */
    private static final long NOTED_NANOS = Duration.ofMillis(100).toNanos();

    /** Oftener than connections to Redis are closed because they idle (quarkus.redis.tcp.idle-timeout). */
    private static final Duration PING_INTERVAL = Duration.ofSeconds(10);

    private final String instance = UUID.randomUUID().toString();
    private final AtomicBoolean asking = new AtomicBoolean();
    private final AtomicBoolean trusted = new AtomicBoolean();
    private final LeaseRepository leases;
    private final Vertx vertx;
    private final Duration length;
    private final Duration renewInterval;
    private final boolean wanted;
    private final long restAfter;
    private final CacheMetrics metrics;
    private final Lease lease;

    /** When the cache was used last. */
    private volatile long usedAt = System.nanoTime();

    /** Not renewed, because nobody used the cache: whoever gives up a lease has not lost it. */
    private volatile boolean resting;

    LeaseKeeper(
            LeaseRepository leases,
            Vertx vertx,
            SsoConfig config,
            Instance<SignOffTransport> transport,
            CacheMetrics metrics) {
        this.leases = leases;
        this.vertx = vertx;
        this.length = config.cache().leaseDuration();
        this.renewInterval = config.cache().leaseRenewInterval();
        this.restAfter = config.cache().restAfter().toNanos();
        this.wanted = config.cache().enabled() && transport.isResolvable();
        this.lease = new Lease(System::nanoTime, length);
        this.metrics = metrics;
        metrics.lease(() -> lease.epoch() != Lease.NONE);
    }

    void start(@Observes StartupEvent event) {
        if (wanted) {
            vertx.setPeriodic(renewInterval.toMillis(), timer -> renew());
            vertx.setPeriodic(PING_INTERVAL.toMillis(), timer -> keepConnected());
        }
    }

    /** The first request after a rest finds an open connection. */
    private void keepConnected() {
        if (!isInUse()) {
            leases.ping().subscribe().with(pong -> {}, failure -> LOG.debugf("No ping: %s", failure.getMessage()));
        }
    }

    /** Memory first, then the entry: in the other order a sign-off could miss an instance that still trusts itself. */
    void stop(@Observes ShutdownEvent event) {
        if (!wanted) {
            return;
        }
        lease.close();
        giveBack(() -> leases.release(instance));
    }

    /**
     * Nothing is thrown: whoever else has something to do at the end comes after us. An entry that stays runs out as soon as we
     * would have stopped waiting.
     */
    void giveBack(Supplier<Uni<Void>> release) {
        Uni.createFrom()
                .deferred(release::get)
                .ifNoItem()
                .after(length)
                .fail()
                .onFailure()
                .invoke(failure -> LOG.infof("The lease was not given back, and runs out: %s", failure.toString()))
                .onFailure()
                .recoverWithNull()
                .await()
                .indefinitely();
    }

    String instance() {
        return instance;
    }

    Lease lease() {
        return lease;
    }

    /** The cache is used: a lease is worth its cost. */
    void used() {
        long now = System.nanoTime();
        if (now - usedAt > NOTED_NANOS) {
            usedAt = now;
        }
    }

    boolean isInUse() {
        return System.nanoTime() - usedAt < restAfter;
    }

    void heartbeatReturned(long sentAt) {
        boolean first = !lease.isHeard();
        lease.heard(sentAt);
        if (first && wanted) {
            renew();
        }
    }

    private void renew() {
        tellChanges();
        resting = !isInUse();
        if (resting || !lease.isHeard() || !asking.compareAndSet(false, true)) {
            return;
        }
        boolean holding = lease.isRenewed();
        long sentAt = System.nanoTime();
        leases.renew(instance, length, holding)
                .onTermination()
                .invoke(() -> asking.set(false))
                .subscribe()
                .with(
                        granted -> {
                            if (granted) {
                                lease.renewed(sentAt);
                            } else {
                                lease.lost();
                            }
                        },
                        failure -> LOG.debugf("The lease was not renewed: %s", failure.getMessage()));
    }

    private void tellChanges() {
        boolean now = lease.epoch() != Lease.NONE;
        if (trusted.getAndSet(now) != now) {
            if (now) {
                LOG.info("Lease held: sessions are cached");
            } else if (resting) {
                LOG.info("Lease given up: no request has used the cache lately");
            } else {
                metrics.leasesLost.increment();
                LOG.info("Lease lost: every request asks Redis");
            }
        }
    }
}
