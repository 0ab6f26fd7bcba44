package org.acme.session.internal.cache;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ForgottenSessionsTest {

    private static final Optional<String> ALICE = Optional.of("hash of alice's");
    private static final Optional<String> BOB = Optional.of("hash of bob's");

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 1); // as nanoTime, it may run over
    private final ForgottenSessions forgotten = new ForgottenSessions(Duration.ofSeconds(5), clock::get);

    @Test
    @DisplayName("S1: what was asked for before is forgotten, what was asked for after is not, and nobody else's")
    void beforeAndAfter() {
        long before = forgotten.moment();
        assertFalse(forgotten.isForgotten(before, ALICE));
        forgotten.forget(ALICE.get());
        assertTrue(forgotten.isForgotten(before, ALICE));
        assertFalse(forgotten.isForgotten(before, BOB));
        assertFalse(forgotten.isForgotten(before, Optional.empty()));
        assertFalse(forgotten.isForgotten(forgotten.moment(), ALICE));
        assertTrue(forgotten.anySince(before));
        assertFalse(forgotten.anySince(forgotten.moment()));
    }

    @Test
    @DisplayName("F20: a mark lasts for as long as anything from before is used, and no longer")
    void marksGo() {
        long before = forgotten.moment();
        forgotten.forget(ALICE.get());
        clock.addAndGet(Duration.ofSeconds(5).toNanos());
        forgotten.forget(BOB.get());
        assertTrue(forgotten.isForgotten(before, ALICE));
        clock.addAndGet(Duration.ofSeconds(2).toNanos());
        forgotten.forget("another");
        assertFalse(forgotten.isForgotten(before, ALICE));
        assertTrue(forgotten.isForgotten(before, BOB));
    }

    @Test
    @DisplayName("F20: who is forgotten again keeps the newer mark when the older one goes")
    void newerMarksStay() {
        forgotten.forget(ALICE.get());
        clock.addAndGet(Duration.ofSeconds(4).toNanos());
        long between = forgotten.moment();
        forgotten.forget(ALICE.get());
        clock.addAndGet(Duration.ofSeconds(4).toNanos());
        forgotten.forget(BOB.get());
        assertTrue(forgotten.isForgotten(between, ALICE));
    }

    @Test
    @DisplayName("F20, S1: a flood of news takes bounded memory, and makes nothing trusted that must not be")
    void floods() {
        long before = forgotten.moment();
        forgotten.forget(ALICE.get());
        for (int i = 0; i < ForgottenSessions.MOST; i++) {
            forgotten.forget("session " + i);
        }
        assertTrue(forgotten.isForgotten(before, ALICE));
        assertTrue(forgotten.isForgotten(before, BOB), "rather too much");
        assertFalse(forgotten.isForgotten(forgotten.moment(), ALICE));
    }
}
