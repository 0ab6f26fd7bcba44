package org.acme.session.internal.cache;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class InvalidatedSessionsTest {

    private static final Optional<String> ALICE = Optional.of("hash of alice's");
    private static final Optional<String> BOB = Optional.of("hash of bob's");

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1); // as nanoTime, it may run over
    private final InvalidatedSessions invalidated = new InvalidatedSessions(Duration.ofSeconds(5), clock::get);

    @Test
    @DisplayName("S1: what was asked for before is forgotten, what was asked for after is not, and nobody else's")
    void beforeAndAfter() {
        long before = invalidated.moment();
        assertFalse(invalidated.contains(before, ALICE));
        invalidated.add(ALICE.get());
        assertTrue(invalidated.contains(before, ALICE));
        assertFalse(invalidated.contains(before, BOB));
        assertFalse(invalidated.contains(before, Optional.empty()));
        assertFalse(invalidated.contains(invalidated.moment(), ALICE));
        assertTrue(invalidated.anySince(before));
        assertFalse(invalidated.anySince(invalidated.moment()));
    }

    @Test
    @DisplayName("F20: a mark lasts for as long as anything from before is used, and no longer")
    void marksGo() {
        long before = invalidated.moment();
        invalidated.add(ALICE.get());
        clock.addAndGet(Duration.ofSeconds(5).toNanos());
        invalidated.add(BOB.get());
        assertTrue(invalidated.contains(before, ALICE));
        clock.addAndGet(Duration.ofSeconds(2).toNanos());
        invalidated.add("another");
        assertFalse(invalidated.contains(before, ALICE));
        assertTrue(invalidated.contains(before, BOB));
    }

    @Test
    @DisplayName("F20: who is forgotten again keeps the newer mark when the older one goes")
    void newerMarksStay() {
        invalidated.add(ALICE.get());
        clock.addAndGet(Duration.ofSeconds(4).toNanos());
        long between = invalidated.moment();
        invalidated.add(ALICE.get());
        clock.addAndGet(Duration.ofSeconds(4).toNanos());
        invalidated.add(BOB.get());
        assertTrue(invalidated.contains(between, ALICE));
    }

    @Test
    @DisplayName("F20, S1: a flood of events takes bounded memory, and makes nothing trusted that must not be")
    void floods() {
        long before = invalidated.moment();
        invalidated.add(ALICE.get());
        for (int i = 0; i < InvalidatedSessions.MOST; i++) {
            invalidated.add("session " + i);
        }
        assertTrue(invalidated.contains(before, ALICE));
        assertTrue(invalidated.contains(before, BOB), "rather too much");
        assertFalse(invalidated.contains(invalidated.moment(), ALICE));
    }
}
