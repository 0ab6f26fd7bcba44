package org.acme.session.internal.store;

import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.acme.session.internal.config.SsoConfig;
import org.jboss.logging.Logger;

/** Says at the start what would otherwise be an instance that runs out of memory when it is busiest. */
@Singleton
class CacheSizeCheck {

    private static final Logger LOG = Logger.getLogger(CacheSizeCheck.class);

    void atStart(@Observes StartupEvent starting, SsoConfig config) {
        long heap = Runtime.getRuntime().maxMemory();
        int sessions = CacheSize.sessions(config.cache(), heap);
        if (CacheSize.isTooLarge(sessions, heap)) {
            LOG.warnf(
                    "sso.cache.max-size is %d: that many sessions take about %d MB, more than half of the heap of %d MB."
                            + " Unset it, and as many are cached as fit",
                    sessions, (long) sessions * CacheSize.BYTES_PER_SESSION / 1_000_000, heap / 1_000_000);
        }
    }
}
