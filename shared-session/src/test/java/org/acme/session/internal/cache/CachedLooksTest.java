package org.acme.session.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Requests that only look: they count as no activity. */
class CachedLooksTest extends CacheUnderLease {

    @Test
    @DisplayName("F1 S1: who only looks is served from memory, and asks Redis for it once")
    void looksAreRemembered() {
        var before = look();
        assertEquals(1, loads.size());
        giveLease();
        var first = look();
        var second = look();
        assertEquals(2, loads.size(), "one load for both, none shared with the time without a lease");
        LiveSession alice = alive("alice");
        loads.get(1).complete(Optional.of(alice));
        assertEquals(Optional.of(alice), first.join());
        assertEquals(Optional.of(alice), second.join());
        assertEquals(Optional.of(alice), look().join());
        assertFalse(before.isDone());

        cache.invalidate(SESSION);
        look();
        assertEquals(3, loads.size());
    }

    @Test
    @DisplayName("L2: a request that counts as activity is not served from what a look left")
    void looksAreNoActivity() {
        giveLease();
        look();
        ask();
        assertEquals(2, loads.size(), "not shared while under way");
        LiveSession counted = alive("alice");
        loads.get(1).complete(Optional.of(counted));
        loads.get(0).complete(Optional.of(alive("alice")));
        assertEquals(Optional.of(counted), ask().join(), "the look did not replace it");
        cache.invalidate(SESSION);

        look();
        loads.get(2).complete(Optional.of(alive("alice")));
        ask();
        assertEquals(4, loads.size(), "nor afterwards");
    }

    @Test
    @DisplayName("F1: a look does not wait for a load that may wait for a provider, and is served from it afterwards")
    void looksDoNotWaitForProviders() {
        giveLease();
        ask();
        var beside = look();
        assertEquals(2, loads.size());
        loads.get(1).complete(Optional.of(alive("alice")));
        assertTrue(beside.join().isPresent());

        LiveSession refreshed = alive("alice");
        loads.get(0).complete(Optional.of(refreshed));
        assertEquals(Optional.of(refreshed), look().join());
        assertEquals(2, loads.size());
    }
}
