package org.acme.session.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.acme.session.contract.Tokens;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

/** A real store for the tests of a class; whatever they do, every key has an end. */
abstract class OnARealStore {

    /** How far two looks at a clock may be apart on a busy machine. */
    private static final long SLACK = 20_000;

    static RealStore redis;

    @BeforeAll
    static void start() {
        redis = new RealStore();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @AfterEach
    void everyKeyHasATimeToLive() {
        assertEquals(Set.of(), redis.keysWithoutTimeToLive(), "L5");
    }

    static void assertLeft(long expectedMillis, String key) {
        long left = redis.left(key);
        assertTrue(left <= expectedMillis && left > expectedMillis - SLACK, key + " has " + left + " ms");
    }

    static Tokens tokens(String name) {
        return new Tokens("access-" + name, Instant.ofEpochMilli(1_900_000_000_000L), Optional.of("refresh-" + name));
    }
}
