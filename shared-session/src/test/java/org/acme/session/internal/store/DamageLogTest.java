package org.acme.session.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.acme.session.contract.SessionId;
import org.acme.session.testing.LogLines;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DamageLogTest {

    private final AtomicLong clock = new AtomicLong();
    private final DamageLog damages = new DamageLog(Logger.getLogger(DamageLog.class), clock::get);

    @Test
    @DisplayName("F19 O1: each damaged session is named once in ten seconds, however often it is asked for")
    void eachIsNamedOnce() {
        SessionId one = SessionId.random();
        SessionId other = SessionId.random();
        try (LogLines log = new LogLines(DamageLog.class)) {
            for (int i = 0; i < 1000; i++) {
                damages.warn(one, "why");
            }
            damages.warn(other, "why");
            assertEquals(2, log.lines().size());
            assertTrue(log.lines().get(1).contains(other.fingerprint()));

            clock.addAndGet(DamageLog.PERIOD.toNanos());
            damages.warn(one, "why");
            assertEquals(3, log.lines().size());
        }
    }

    @Test
    @DisplayName("F19: of many damaged sessions some are named, and the rest is counted")
    void manyAreCounted() {
        List<SessionId> sessions =
                IntStream.range(0, 1000).mapToObj(i -> SessionId.random()).toList();
        try (LogLines log = new LogLines(DamageLog.class)) {
            sessions.forEach(session -> damages.warn(session, "why"));
            assertEquals(DamageLog.MOST, log.lines().size());

            clock.addAndGet(DamageLog.PERIOD.toNanos());
            damages.warn(sessions.get(0), "why");
            assertTrue(log.lines().get(DamageLog.MOST).contains("950 more"));
        }
    }
}
