package org.acme.session.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A session that has ended is not served from the cache, whatever was under way. */
class InvalidationTest extends CacheUnderLease {

    @Test
    @DisplayName("S1: a request after invalidate() asks anew, also while a load from before is under way")
    void forgetTakesTheLoadUnderWayAlong() {
        giveLease();
        var before = ask();
        cache.invalidate(SESSION, Optional.empty());
        var after = ask();
        assertEquals(2, loads.size());

        loads.get(0).complete(Optional.of(alive("alice")));
        assertTrue(before.join().isPresent());
        assertFalse(after.isDone());
        loads.get(1).complete(Optional.empty());
        assertTrue(after.join().isEmpty());
    }

    @Test
    @DisplayName("S1: a load from before invalidate() that answers late is not cached")
    void lateAnswersAreNotRemembered() {
        giveLease();
        ask();
        cache.invalidate(SESSION, Optional.empty());
        loads.get(0).complete(Optional.of(alive("alice")));
        ask();
        assertEquals(2, loads.size());
    }

    @Test
    @DisplayName("S1: a late answer from before invalidate() does not replace what was loaded after it")
    void lateAnswersReplaceNothing() {
        giveLease();
        ask();
        cache.invalidate(SESSION, Optional.empty());
        var after = ask();
        LiveSession newer = alive("newer");
        loads.get(1).complete(Optional.of(newer));
        loads.get(0).complete(Optional.empty());
        assertSame(newer, after.join().orElseThrow());
        assertSame(newer, ask().join().orElseThrow());
        assertEquals(2, loads.size());
    }

    @Test
    @DisplayName("S1: what was cached is forgotten")
    void whatWasRememberedIsForgotten() {
        giveLease();
        ask();
        loads.get(0).complete(Optional.of(alive("alice")));
        cache.invalidate(SESSION, Optional.empty());
        ask();
        assertEquals(2, loads.size());
    }

    @Test
    @DisplayName(
            "S1: with a provider session, what it opened is forgotten, and what is under way asked anew; nobody else's")
    void providerSessionsAreForgotten() {
        giveLease();
        LiveSession alice = alive("alice");
        LiveSession bob = alive("bob");
        ask("alice", GOOD);
        ask("bob", GOOD);
        loads.get(0).complete(Optional.of(alice));
        loads.get(1).complete(Optional.of(bob));
        ask("late", GOOD);

        cache.invalidate("another", alice.session().identity().providerSessionHash());
        ask("alice", GOOD);
        assertEquals(4, loads.size());
        assertSame(bob, ask("bob", GOOD).join().orElseThrow());
        ask("late", GOOD);
        assertEquals(5, loads.size());
        loads.get(2).complete(Optional.of(alice));
        loads.get(3).complete(Optional.of(alice));
        assertSame(alice, ask("alice", GOOD).join().orElseThrow());
        assertEquals(5, loads.size());
    }

    @Test
    @DisplayName("F20, S10: what a sign-off does here is the same with 20,000 cached sessions as with 100")
    void theCostOfForgetting() {
        assertEquals(allocatedByForgetting(100), allocatedByForgetting(20_000), 64 * 1024);
    }

    /** Bytes: unlike time, they are the same on a loaded machine. To look at a session means to hash whose it is. */
    private long allocatedByForgetting(int cached) {
        build("cache.lease-duration", "1h", "cache.ttl", "1h");
        giveLease();
        loads.clear();
        for (int i = 0; i < cached; i++) {
            ask("session " + i, GOOD);
            loads.get(i).complete(Optional.of(alive("person " + i)));
        }
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Optional<String> theirs = TestSessions.sessionOf("alice").identity().providerSessionHash();
        cache.invalidate("warm", theirs);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20; i++) {
            cache.invalidate("session " + i, theirs);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
