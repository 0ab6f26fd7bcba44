package org.acme.session.internal.store;

import static org.acme.session.internal.store.RealStore.await;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.SessionRecord;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.acme.session.testing.RedisAddress;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * A master and its replica behind one address, as managed services have them: after a fail-over the address leads to the new
 * master, and connections that are open still lead to the old one, a replica now.
 */
class MovedMasterTest {

    private static final Duration IN_TIME = Duration.ofSeconds(3);
    private static final int TRIALS = 5;

    private final RedisServer old = begun();
    private final RedisServer next = begun();
    private final RedisAddress address = new RedisAddress(old);
    private final RealStore redis = new RealStore(old, address.uri());

    private SessionRecord alice;

    private static RedisServer begun() {
        RedisServer server = new RedisServer();
        server.start();
        return server;
    }

    @BeforeEach
    void aReplicaThatIsPromotedWhileAllConnectionsAreOpen() {
        alice = redis.created("alice");
        next.follow(old);
        RealStore.awaitAll(Stream.generate(() -> redis.sessions.peek(alice.id()))
                .limit(RealStore.CONNECTIONS)
                .toList());
        next.lead();
        old.follow(next);
    }

    @AfterEach
    void stop() {
        redis.close();
        address.close();
        next.stop();
    }

    private static void works(String what, BooleanSupplier works) {
        long begun = System.nanoTime();
        while (true) {
            try {
                assertTrue(works.getAsBoolean());
                break;
            } catch (SessionUnavailableException notYet) {
                assertTrue(System.nanoTime() - begun < IN_TIME.toNanos(), what + " in " + IN_TIME);
            }
        }
        System.out.printf(
                "%s after %d ms%n",
                what, Duration.ofNanos(System.nanoTime() - begun).toMillis());
    }

    private boolean ends() {
        return !await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER))
                .livesOn();
    }

    @RepeatedTest(TRIALS)
    @DisplayName(
            "O2: where a master has moved to, a write and a read get there within 3 s, though old connections stay open")
    void moved() {
        address.leadTo(next);
        works("write", this::ends);
        works("read", () -> redis.peek(alice.id()).isEmpty());
    }

    @RepeatedTest(TRIALS)
    @DisplayName("O2: the same where it could not be reached before")
    void movedAfterSomeTrouble() {
        assertFalse(isAnswered(this::ends));
        address.leadTo(next);
        works("write", this::ends);
        works("read", () -> redis.peek(alice.id()).isEmpty());
    }

    @RepeatedTest(TRIALS)
    @DisplayName("O2 S1: no old connection says of a session that has ended at the new master that it lives")
    void neverFromAReplica() {
        try (RedisConnection broken = new RedisConnection(old.uri())) {
            broken.send("REPLICAOF", "127.0.0.1", "1");
        }
        address.leadTo(next);
        try (RealStore elsewhere = new RealStore(next, next.uri())) {
            assertFalse(await(elsewhere.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER))
                    .livesOn());
            works("read", () -> redis.peek(alice.id()).isEmpty());
        }
    }

    @Test
    @DisplayName("O2: while nobody is the master, the pool is opened anew once a second, however many are refused")
    void noStorm() {
        long before = connectionsTo(old);
        long begun = System.nanoTime();
        int refused = 0;
        while (System.nanoTime() - begun < Duration.ofSeconds(2).toNanos()) {
            assertFalse(isAnswered(this::ends));
            refused++;
        }
        long opened = connectionsTo(old) - before;
        assertTrue(refused > 50, refused + " refused");
        assertTrue(opened <= 4 * RealStore.CONNECTIONS, opened + " connections");
    }

    private static boolean isAnswered(BooleanSupplier question) {
        try {
            return question.getAsBoolean();
        } catch (SessionUnavailableException unavailable) {
            return false;
        }
    }

    private static long connectionsTo(RedisServer server) {
        try (RedisConnection redis = new RedisConnection(server.uri())) {
            return Long.parseLong(
                    redis.text("INFO", "stats").replaceFirst("(?s).*total_connections_received:(\\d+).*", "$1"));
        }
    }
}
