package org.acme.session.internal.store;

import static org.acme.session.internal.store.RealStore.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.EndResult.Outcome;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sso.store.replicas} on a real master and a real replica. */
class ReplicatedWritesTest {

    private static final int SESSIONS = 19;

    /** Twice of what replicas are waited for, and what a busy machine takes to notice. */
    private static final Duration IN_TIME = Duration.ofSeconds(2);

    private final RedisServer master = begun();
    private final RedisServer replica = begun();
    private RealStore redis;

    private static RedisServer begun() {
        RedisServer server = new RedisServer();
        server.start();
        return server;
    }

    @BeforeEach
    void replicate() {
        replica.follow(master);
    }

    @AfterEach
    void stop() {
        redis.close();
        replica.stop();
    }

    private void waitFor(int replicas) {
        redis = new RealStore(
                master, master.uri(), "store.replicas", Integer.toString(replicas), "store.timeout", "1s");
    }

    private Outcome end(SessionId id) {
        return await(redis.sessions.end(id, Reason.SIGNED_OFF, Actor.USER)).outcome();
    }

    private String stateAtReplica(SessionId id) {
        try (RedisConnection connection = new RedisConnection(replica.uri())) {
            return connection.text("HGET", Keys.record(id), SessionRecord.STATE);
        }
    }

    @Test
    @DisplayName("S1: an end, a mark and a revoked lease are answered when a replica has them")
    void answeredWhenReplicated() {
        waitFor(1);
        await(redis.leases.renew("instance", Duration.ofSeconds(10), false));
        for (int i = 0; i < SESSIONS; i++) {
            SessionId id = redis.created("alice").id();
            assertEquals(Outcome.ENDED, end(id));
            assertEquals("ended", stateAtReplica(id));
        }
        await(redis.index.markEnded("hash"));
        await(redis.leases.revoke(Set.of("instance")));
        try (RedisConnection connection = new RedisConnection(replica.uri())) {
            assertEquals(1, connection.number("EXISTS", Keys.endedProviderSession("hash")));
            assertEquals(List.of("!instance"), connection.texts("ZRANGE", Keys.LEASES, "0", "-1"));
        }
    }

    @Test
    @DisplayName("S1 O2: while no replica answers, what must last is unavailable, in time; the rest goes on")
    void unavailableWithoutReplica() {
        waitFor(1);
        SessionId id = redis.created("alice").id();
        await(redis.leases.renew("instance", Duration.ofSeconds(10), false));
        replica.pause();
        try {
            assertUnavailable(() -> end(id));
            assertUnavailable(() -> end(id));
            assertUnavailable(() -> await(redis.index.markEnded("hash")));
            assertUnavailable(() -> await(redis.leases.revoke(Set.of("instance"))));
            assertTrue(redis.peek(redis.created("bob").id()).isPresent());
            assertEquals(
                    4,
                    redis.meters
                            .get("sso.redis.failures")
                            .tag("kind", "not-replicated")
                            .counter()
                            .count());
        } finally {
            replica.resume();
        }
        assertEquals(Outcome.ALREADY, end(id));
        assertEquals("ended", stateAtReplica(id));
    }

    @Test
    @DisplayName("I1 L1: while no replica answers, a sign-in replaces the session that its browser had")
    void replacingWaitsForNoReplica() {
        waitFor(1);
        SessionId old = redis.created("alice").id();
        await(redis.leases.renew("instance", Duration.ofSeconds(10), false));
        replica.pause();
        try {
            assertEquals(
                    Outcome.ENDED,
                    await(redis.sessions.end(old, Reason.REPLACED, Actor.USER)).outcome());
            assertTrue(await(redis.leases.revokeAtMaster(Set.of("instance"))).toMillis() > 0);
        } finally {
            replica.resume();
        }
    }

    private static void assertUnavailable(Runnable question) {
        long begun = System.nanoTime();
        assertThrows(SessionUnavailableException.class, question::run);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        assertTrue(took.compareTo(IN_TIME) < 0, "took " + took);
    }

    @Test
    @DisplayName("S1: what is asked for again is written again: WAIT is about what its own connection has written")
    void askedAgain() {
        waitFor(1);
        SessionId id = redis.created("alice").id();
        end(id);
        await(redis.index.markEnded("hash"));
        await(redis.index.markEndedUntil("hash", Instant.EPOCH));
        await(redis.leases.renew("instance", Duration.ofSeconds(10), false));
        await(redis.leases.revoke(Set.of("instance")));
        assertWrites(() -> end(id));
        assertWrites(() -> await(redis.index.markEndedUntil("hash", Instant.EPOCH)));
        assertWrites(() -> await(redis.leases.revoke(Set.of("instance"))));
    }

    private void assertWrites(Runnable again) {
        long before = offset();
        again.run();
        assertTrue(offset() > before, "written");
    }

    /** Of what the master has sent to replicas, and not about acknowledgements. */
    private long offset() {
        return Long.parseLong(
                redis.guest().text("INFO", "persistence").replaceFirst("(?s).*aof_current_size:(\\d+).*", "$1"));
    }

    /** A replica that was cut off becomes the master: what it does not know has never been. */
    @ParameterizedTest
    @CsvSource({"0, 19", "1, 0"})
    @DisplayName(
            "S1 L12: of the sign-offs that a master answers after it has lost its replica, a fail-over forgets all, or there are none")
    void forgotten(int replicas, int expected) {
        waitFor(replicas);
        List<SessionId> sessions = IntStream.range(0, SESSIONS)
                .mapToObj(i -> redis.created("alice").id())
                .toList();
        try (RedisConnection connection = new RedisConnection(replica.uri())) {
            connection.send("REPLICAOF", "NO", "ONE");
        }
        List<SessionId> answered = new ArrayList<>();
        for (SessionId id : sessions) {
            try {
                end(id);
                answered.add(id);
            } catch (SessionUnavailableException notReplicated) {
                // The client asks again.
            }
        }
        long forgotten = answered.stream()
                .filter(id -> !"ended".equals(stateAtReplica(id)))
                .count();
        assertEquals(expected, forgotten, answered.size() + " answered");
    }
}
