package org.acme.session.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The cache counts under the lease of its own epoch only. */
class LeasedCacheTest extends CacheUnderLease {

    @Test
    @DisplayName("without a lease nothing is cached, and a load under way is not shared")
    void withoutLeaseNothingIsRemembered() {
        var first = ask();
        var second = ask();
        assertEquals(1, loads.size());
        loads.get(0).complete(Optional.of(alive("alice")));
        assertTrue(first.join().isPresent());
        assertFalse(second.isDone());

        giveLease();
        ask();
        assertEquals(3, loads.size());
    }

    @Test
    @DisplayName("S1: a request under a lease does not wait for a load from before, and the other way round")
    void leaseAndNoLeaseShareNothing() {
        var before = ask();
        giveLease();
        var under = ask();
        assertEquals(2, loads.size());
        keeper.lease().lost();
        var after = ask();
        loads.get(0).complete(Optional.of(alive("stale")));
        loads.get(1).complete(Optional.of(alive("stale")));
        assertTrue(before.join().isPresent());
        assertTrue(under.join().isPresent());
        assertFalse(after.isDone());
        loads.get(2).complete(Optional.empty());
        assertTrue(after.join().isEmpty());
    }

    @Test
    @DisplayName("S1: what was cached in one epoch of the lease is worthless in the next")
    void olderTermsAreWorthless() {
        giveLease();
        ask();
        loads.get(0).complete(Optional.of(alive("alice")));
        keeper.lease().lost();
        ask();
        assertEquals(2, loads.size());
        giveLease();
        ask();
        assertEquals(3, loads.size());
    }

    @Test
    @DisplayName("S1: a load begun in one epoch is not shared with requests of the next, nor cached in it")
    void loadsOfOlderTermsAreNotShared() {
        giveLease();
        ask();
        keeper.lease().lost();
        giveLease();
        var inNewTerm = ask();
        assertEquals(2, loads.size());
        loads.get(0).complete(Optional.of(alive("stale")));
        assertFalse(inNewTerm.isDone());
        loads.get(1).complete(Optional.empty());
        assertTrue(inNewTerm.join().isEmpty());
        ask();
        assertEquals(3, loads.size());
    }

    @Test
    @DisplayName("without a transport there is no lease to be had")
    void aHeartbeatAloneGivesNoLease() {
        keeper.lease().heard(System.nanoTime());
        ask();
        loads.get(0).complete(Optional.of(alive("alice")));
        ask();
        assertEquals(2, loads.size());
    }
}
