package org.acme.session.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.config.TestConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CacheSizeTest {

    private static final SsoConfig.Cache UNSET = TestConfig.with().cache();

    @ParameterizedTest
    @CsvSource({"64, 1333", "192, 4000", "256, 5333", "960, 20000", "8000, 20000", "0, 1"})
    @DisplayName("F56 without a setting, as many sessions are cached as fit into a quarter of the heap")
    void fits(long heapMegabytes, int sessions) {
        assertEquals(sessions, CacheSize.sessions(UNSET, heapMegabytes * 1_000_000));
    }

    @Test
    @DisplayName("F56 a setting counts as it is; one that may take more than half of the heap is worth a warning")
    void asSet() {
        SsoConfig.Cache set = TestConfig.with("cache.max-size", "20000").cache();
        assertEquals(20_000, CacheSize.sessions(set, 192_000_000));
        assertTrue(CacheSize.isTooLarge(20_000, 192_000_000));
        assertFalse(CacheSize.isTooLarge(20_000, 512_000_000));
        assertFalse(CacheSize.isTooLarge(CacheSize.sessions(UNSET, 192_000_000), 192_000_000));
        assertFalse(CacheSize.isTooLarge(Integer.MAX_VALUE, Long.MAX_VALUE));
    }
}
