package org.acme.session.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.acme.session.testing.LogLines;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RateLimitedLogTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE); // nanoTime may run over

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Test
    @DisplayName("F19: one line in ten seconds, and it says how many were left out")
    void oneLine() {
        RateLimitedLog log = new RateLimitedLog(Logger.getLogger(RateLimitedLogTest.class), clock::get);
        try (LogLines lines = new LogLines(RateLimitedLogTest.class)) {
            for (int i = 0; i < 100; i++) {
                log.warn("%s is away", "It");
            }
            pass(Duration.ofSeconds(10));
            log.warn("%s is away", "It");
            pass(Duration.ofSeconds(10));
            log.warn("100 %% away");
            assertEquals(
                    List.of("It is away", "It is away (99 more since the last such line)", "100 % away"),
                    lines.lines());
        }
    }

    @Test
    @DisplayName("F19: so many in a period, by however many threads")
    void manyThreads() {
        RateLimit limit = new RateLimit(20, Duration.ofSeconds(10), clock::get);
        long admitted = IntStream.range(0, 10_000)
                .parallel()
                .filter(i -> limit.admit().isPresent())
                .count();
        assertEquals(20, admitted);
        pass(Duration.ofSeconds(10));
        assertEquals(OptionalLong.of(9_980), limit.admit());
        assertEquals(OptionalLong.of(0), limit.admit());
    }
}
