package org.acme.session.internal.store;

import static org.acme.session.internal.store.RealStore.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Law 3: "cannot tell" is said in time, as one exception, and is over when Redis is back. */
class StoreOutageTest {

    /** The promised 2 s, and what a busy machine takes to notice. */
    private static final Duration IN_TIME = Duration.ofMillis(3500);

    private final RealStore redis = new RealStore();

    @AfterEach
    void stop() {
        redis.close();
    }

    private List<Uni<?>> everything(SessionRecord session) {
        SessionId id = session.id();
        return List.of(
                redis.sessions.create(TestSessions.sessionOf("new")),
                redis.sessions.peek(id),
                redis.sessions.readAsActivity(id),
                redis.sessions.end(id, Reason.SIGNED_OFF, Actor.USER),
                redis.sessions.endUnlessRefreshed(id, Reason.REFRESH_REFUSED, Actor.PROVIDER, 1),
                redis.sessions.writeTokens(RealStore.refreshed(id, 1, session.tokens(), Set.of())),
                redis.attributesOf("notes").read(id),
                redis.attributesOf("notes").change(id, all -> all.put("a", "b")),
                redis.index.add(session),
                redis.index.ofProviderSession("hash"),
                redis.index.markEnded("hash"),
                redis.index.hasEndedSince(Optional.of("hash"), Instant.now()),
                redis.leases.renew("instance", Duration.ofSeconds(1), false),
                redis.leases.holders(),
                redis.leases.revoke(Set.of("instance")),
                redis.lock.tryAcquire(id, "holder"),
                redis.lock.extend(id, "holder"),
                redis.lock.release(id, "holder"));
    }

    private void assertAllUnavailable(SessionRecord session) {
        long begun = System.nanoTime();
        List<Uni<Throwable>> failures = new ArrayList<>();
        for (Uni<?> uni : everything(session)) {
            failures.add(uni.map(found -> (Throwable) new AssertionError("found " + found))
                    .onFailure()
                    .recoverWithItem(failure -> failure));
        }
        List<Throwable> all = RealStore.awaitAll(failures);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        all.forEach(failure -> assertInstanceOf(SessionUnavailableException.class, failure));
        assertTrue(took.compareTo(IN_TIME) < 0, "took " + took);
    }

    @Test
    @DisplayName("O1: killed, every question fails in time; back, the next one is answered, and nothing is lost")
    void killedAndBack() throws IOException {
        SessionRecord alice = redis.created("alice");
        redis.server.kill();
        redis.forgetGuest();
        assertAllUnavailable(alice);
        assertAllUnavailable(alice);

        redis.server.launch();
        assertEquals(Optional.of(alice), redis.peek(alice.id()));
    }

    @Test
    @DisplayName("O2: connections that died are no outage: a read is asked again, over another one")
    void deadConnections() {
        SessionRecord alice = redis.created("alice");
        for (int i = 0; i < 20; i++) {
            redis.guest().send("CLIENT", "KILL", "TYPE", "normal");
            assertEquals(Optional.of(alice), redis.peek(alice.id()));
        }
    }

    @Test
    @DisplayName("O2: stopped with connections open, every question fails in time; continued, nothing is lost")
    void hungAndBack() throws Exception {
        SessionRecord alice = redis.created("alice");
        String info = redis.guest().text("INFO", "server");
        String pid = info.replaceFirst("(?s).*process_id:(\\d+).*", "$1");
        signal("STOP", pid);
        try {
            long begun = System.nanoTime();
            assertThrows(SessionUnavailableException.class, () -> redis.peek(alice.id()));
            assertTrue(Duration.ofNanos(System.nanoTime() - begun).compareTo(IN_TIME) < 0);
        } finally {
            signal("CONT", pid);
        }
        assertEquals(Optional.of(alice), redis.peek(alice.id()));
    }

    private static void signal(String name, String pid) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).start().waitFor());
    }

    @Test
    @DisplayName("O2: with its memory full, writes are unavailable and sessions are still read")
    void fullMemory() {
        SessionRecord alice = redis.created("alice");
        redis.guest().send("CONFIG", "SET", "maxmemory", "1");
        assertThrows(
                SessionUnavailableException.class, () -> await(redis.sessions.create(TestSessions.sessionOf("bob"))));
        assertThrows(
                SessionUnavailableException.class,
                () -> await(redis.attributesOf("notes").change(alice.id(), all -> all.put("a", "b"))));
        assertEquals(Optional.of(alice), redis.peek(alice.id()));
        redis.guest().send("CONFIG", "SET", "maxmemory", "0");
        assertTrue(await(redis.sessions.create(TestSessions.sessionOf("bob"))));
    }

    @Test
    @DisplayName("O2: a read-only replica ends nothing, begins nothing and knows no session, and says so")
    void readOnlyReplica() {
        SessionRecord alice = redis.created("alice");
        redis.guest().send("REPLICAOF", "127.0.0.1", "1");
        assertUnavailable(() -> await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER)));
        assertUnavailable(() -> redis.peek(alice.id()));
        redis.guest().send("REPLICAOF", "NO", "ONE");
        assertEquals(Optional.of(alice), redis.peek(alice.id()));
        assertFalse(await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER))
                .livesOn());
    }

    @Test
    @DisplayName(
            "O2: a master without the replicas that it must have ends nothing, begins nothing and knows no session")
    void lonelyMaster() {
        SessionRecord alice = redis.created("alice");
        assertEquals(Optional.of(alice), redis.peek(alice.id()));
        redis.guest().send("CONFIG", "SET", "min-replicas-to-write", "1");
        assertUnavailable(() -> await(redis.sessions.create(TestSessions.sessionOf("bob"))));
        assertUnavailable(() -> await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER)));
        assertUnavailable(() -> await(redis.leases.renew("instance", Duration.ofSeconds(1), false)));
        assertUnavailable(() -> redis.peek(alice.id()));
        redis.guest().send("CONFIG", "SET", "min-replicas-to-write", "0");
        assertEquals(Optional.of(alice), redis.peek(alice.id()));
    }

    private static void assertUnavailable(Executable question) {
        assertThrows(SessionUnavailableException.class, question);
    }

    @Test
    @DisplayName("O2: more requests than the pool takes are unavailable, not errors of another kind")
    void busyPool() {
        SessionRecord alice = redis.created("alice");
        List<Uni<Object>> many = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            many.add(redis.sessions
                    .peek(alice.id())
                    .<Object>map(found -> found)
                    .onFailure()
                    .recoverWithItem(f -> f));
        }
        List<Object> answers = RealStore.awaitAll(many);
        long found = answers.stream().filter(Optional.of(alice)::equals).count();
        long busy = answers.stream()
                .filter(SessionUnavailableException.class::isInstance)
                .count();
        assertEquals(400, found + busy);
        assertTrue(found > 0);
        assertTrue(busy > 0, "the pool of this test is small enough");
    }

    @Test
    @DisplayName("O1: an outage deletes nothing")
    void anOutageDeletesNothing() {
        SessionRecord alice = redis.created("alice");
        redis.guest().send("CONFIG", "SET", "maxmemory", "1");
        assertThrows(
                SessionUnavailableException.class,
                () -> await(redis.sessions.writeTokens(RealStore.refreshed(alice, 1, alice.tokens(), Set.of()))));
        assertEquals(1, redis.guest().number("EXISTS", Keys.express(alice.id())));
        assertEquals(1, redis.guest().number("EXISTS", Keys.record(alice.id())));
    }
}
