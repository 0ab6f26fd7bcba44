package org.acme.session.internal.store;

import org.acme.session.internal.config.SsoConfig;

/** How many sessions an instance caches: as many as are set, otherwise as many as fit into a quarter of its heap. */
public final class CacheSize {

    /**
     * What a cached session takes, in bytes, with Keycloak's tokens and a few roles (docs/performance.md). A user with a
     * thousand roles takes as much as twenty others.
     */
    public static final int BYTES_PER_SESSION = 12_000;

    /** More would only be older: what is cached is read again after some seconds. */
    static final int MOST = 20_000;

    private static final int SHARE_OF_HEAP = 4;

    private CacheSize() {}

    /** @return most sessions to be cached at a time; at least 1 */
    public static int sessions(SsoConfig.Cache cache) {
        return sessions(cache, Runtime.getRuntime().maxMemory());
    }

    static int sessions(SsoConfig.Cache cache, long heap) {
        return cache.maxSize()
                .orElseGet(() -> (int) Math.max(1, Math.min(MOST, heap / SHARE_OF_HEAP / BYTES_PER_SESSION)));
    }

    /** Whether what is set may take more than half of the heap, in bytes, which leaves too little for all else. */
    static boolean isTooLarge(int sessions, long heap) {
        return (long) sessions * BYTES_PER_SESSION > heap / 2;
    }
}
