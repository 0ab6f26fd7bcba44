package org.acme.session.internal.cache;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** How often this instance's cache helped, and whether it may be trusted. */
@Singleton
final class CacheMetrics {

    /** Cached and trusted: nothing was asked. */
    final Counter hits;
    /** Redis was asked, once for all who wait. */
    final Counter misses;
    /** Waited for another request's question. */
    final Counter coalesced;
    /** No lease: Redis was asked after the request had come, whatever is cached. */
    final Counter untrusted;
    /** Trust was lost: a sign-off took the lease, Redis or the transport went away, or the process stood still. */
    final Counter leasesLost;

    private final MeterRegistry registry;

    CacheMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.hits = reads("hit");
        this.misses = reads("miss");
        this.coalesced = reads("coalesced");
        this.untrusted = reads("untrusted");
        this.leasesLost = Counter.builder("sso.lease.lost")
                .description("How often this instance stopped trusting its cache")
                .register(registry);
    }

    void lease(Supplier<Boolean> held) {
        Gauge.builder("sso.lease.held", () -> held.get() ? 1 : 0)
                .description("1 while this instance may trust its cache")
                .register(registry);
    }

    void sessions(Supplier<Number> cached) {
        Gauge.builder("sso.cache.sessions", cached)
                .description("Sessions in the cache of this instance")
                .register(registry);
    }

    private Counter reads(String result) {
        return Counter.builder("sso.cache.reads")
                .description("How requests with a session cookie were answered: from the cache, or by asking Redis")
                .tag("result", result)
                .register(registry);
    }
}
