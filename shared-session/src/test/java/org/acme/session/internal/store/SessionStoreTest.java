package org.acme.session.internal.store;

import static org.acme.session.internal.store.RealStore.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.acme.session.SessionEndedException;
import org.acme.session.contract.EndResult.Outcome;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.store.SessionStore.TokenWrite;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How sessions begin, are read, and last. */
class SessionStoreTest extends OnARealStore {

    private static final long MINUTE = 60_000;

    @Test
    void whatWasCreatedIsRead() {
        SessionRecord alice = redis.created("alice", "user", "admin");
        assertEquals(Optional.of(alice), redis.peek(alice.id()));
        assertEquals(Optional.of(alice), await(redis.sessions.readAsActivity(alice.id())));
    }

    @Test
    @DisplayName("L1: an id in use is refused, and its session stays as it is")
    void idsInUseAreRefused() {
        SessionRecord alice = redis.created("alice");
        SessionRecord mallory = TestSessions.sessionOf("mallory");
        SessionRecord same = new SessionRecord(
                alice.id(), mallory.identity(), mallory.createdAt(), mallory.until(), "", "", mallory.tokens(), 1);
        assertFalse(await(redis.sessions.create(same)));
        assertEquals(Optional.of(alice), redis.peek(alice.id()));
    }

    @Test
    @DisplayName("L1: an id whose Express key a guest has taken is refused too")
    void idsOfGuestsAreRefused() {
        SessionRecord alice = TestSessions.sessionOf("alice");
        redis.guest().send("SET", Keys.express(alice.id()), "{\"cookie\":{}}", "EX", "60");
        assertFalse(await(redis.sessions.create(alice)));
        assertEquals(0, redis.guest().number("EXISTS", Keys.record(alice.id())));
    }

    @Test
    @DisplayName("L1: a session that a guest has made is none of ours, and is left alone")
    void guestsSessionsAreNotAdopted() {
        SessionRecord alice = redis.created("alice");
        SessionId guests = SessionId.random();
        redis.guest().send("SET", Keys.express(guests), redis.expressJson(alice.id()), "EX", "60");
        assertEquals(Optional.empty(), await(redis.sessions.readAsActivity(guests)));
        assertEquals(1, redis.guest().number("EXISTS", Keys.express(guests)));
        assertEquals(0, redis.guest().number("EXISTS", Keys.record(guests)));
    }

    @Test
    @DisplayName("L6: looking for a session that is not there creates nothing")
    void lookingCreatesNothing() {
        long before = redis.guest().number("DBSIZE");
        SessionId unknown = SessionId.random();
        assertEquals(Optional.empty(), redis.peek(unknown));
        assertEquals(
                Outcome.NONE,
                await(redis.sessions.end(unknown, Reason.SIGNED_OFF, Actor.USER))
                        .outcome());
        assertEquals(
                TokenWrite.SESSION_ENDED,
                await(redis.sessions.writeTokens(RealStore.refreshed(unknown, 1, tokens("x"), Set.of()))));
        assertThrows(
                SessionEndedException.class,
                () -> await(redis.attributesOf("notes").change(unknown, all -> all.put("a", "b"))));
        assertEquals(before, redis.guest().number("DBSIZE"));
    }

    @Test
    @DisplayName("a Redis that has lost its scripts is given them again")
    void scriptsAreSentAgain() {
        SessionRecord alice = redis.created("alice");
        redis.guest().send("SCRIPT", "FLUSH");
        assertEquals(Optional.of(alice), redis.peek(alice.id()));
    }

    @Test
    @DisplayName("L2: the idle limit is the time to live of Express' key, the absolute end that of the record")
    void limitsAreTimesToLive() {
        SessionRecord alice = redis.created("alice");
        assertLeft(30 * MINUTE, Keys.express(alice.id()));
        assertLeft(8 * 60 * MINUTE, Keys.record(alice.id()));
    }

    @Test
    @DisplayName("L2: at its absolute end a session is over, whatever time to live somebody has given its keys")
    void theAbsoluteEndCounts() {
        SessionRecord alice = redis.created("alice");
        redis.guest().send("HSET", Keys.record(alice.id()), "until", Long.toString(System.currentTimeMillis() - 1));
        assertEquals(Optional.empty(), await(redis.sessions.readAsActivity(alice.id())));
        assertEquals(0, redis.guest().number("EXISTS", Keys.express(alice.id()), Keys.record(alice.id())));
    }

    @Test
    @DisplayName("L2: the idle limit never reaches beyond the absolute end")
    void idleEndsWithTheAbsoluteEnd() {
        SessionRecord ending =
                RealStore.until(TestSessions.sessionOf("alice"), Instant.now().plus(Duration.ofMinutes(5)));
        redis.created(ending);
        assertLeft(5 * MINUTE, Keys.express(ending.id()));
        redis.guest().send("PEXPIRE", Keys.express(ending.id()), "60000");
        await(redis.sessions.readAsActivity(ending.id()));
        assertLeft(5 * MINUTE, Keys.express(ending.id()));
    }

    @Test
    @DisplayName("L2: a session whose end has passed is not begun")
    void pastEndsAreRefused() {
        SessionRecord over =
                RealStore.until(TestSessions.sessionOf("alice"), Instant.now().minusSeconds(1));
        assertFalse(await(redis.sessions.create(over)));
        assertEquals(0, redis.guest().number("EXISTS", Keys.express(over.id()), Keys.record(over.id())));
    }

    @Test
    @DisplayName("L2: activity extends the session, a mere look does not")
    void onlyActivityExtends() {
        SessionRecord alice = redis.created("alice");
        redis.guest().send("PEXPIRE", Keys.express(alice.id()), "600000");
        String seen = redis.field(alice.id(), "seen");
        assertTrue(redis.peek(alice.id()).isPresent());
        assertLeft(10 * MINUTE, Keys.express(alice.id()));
        assertEquals(seen, redis.field(alice.id(), "seen"));

        assertTrue(await(redis.sessions.readAsActivity(alice.id())).isPresent());
        assertLeft(30 * MINUTE, Keys.express(alice.id()));
        assertTrue(Long.parseLong(redis.field(alice.id(), "seen")) >= Long.parseLong(seen));
        assertLeft(8 * 60 * MINUTE, Keys.record(alice.id()));
    }

    @Test
    @DisplayName("L2: activity is written every 30 seconds at most")
    void touchesAreThrottled() {
        SessionRecord alice = redis.created("alice");
        redis.guest().send("HSET", Keys.record(alice.id()), "seen", "7");
        await(redis.sessions.readAsActivity(alice.id()));
        assertEquals("7", redis.field(alice.id(), "seen"));

        redis.guest().send("PEXPIRE", Keys.express(alice.id()), Long.toString(30 * MINUTE - 30_000));
        await(redis.sessions.readAsActivity(alice.id()));
        assertNotEquals("7", redis.field(alice.id(), "seen"));
    }

    @Test
    @DisplayName("L2: a session that idled out has ended, and a guest's late write does not bring it back")
    void idledOutIsEnded() {
        SessionRecord alice = redis.created("alice");
        String json = redis.expressJson(alice.id());
        redis.guest().send("DEL", Keys.express(alice.id()));
        assertEquals(Optional.empty(), redis.peek(alice.id()));
        assertEquals("ended", redis.field(alice.id(), "state"));
        assertNull(redis.field(alice.id(), "access"));
        assertNull(redis.field(alice.id(), "profile"));
        assertEquals("gone", redis.field(alice.id(), "endReason"));

        redis.guest().send("SET", Keys.express(alice.id()), json, "EX", "86400");
        assertEquals(Optional.empty(), redis.peek(alice.id()));
        assertNull(redis.expressJson(alice.id()));
    }

    @ParameterizedTest
    @CsvSource({"86400000, 1800000", "-1, 1800000", "1000000000000, 1800000", "120000, 120000"})
    @DisplayName("L2, L5: a limit that a guest set too long, or not at all, is put right by whoever looks")
    void guestsLimitsAreCapped(long guests, long afterwards) {
        SessionRecord alice = redis.created("alice");
        if (guests < 0) {
            redis.guest().send("PERSIST", Keys.express(alice.id()));
        } else {
            redis.guest().send("PEXPIRE", Keys.express(alice.id()), Long.toString(guests));
        }
        assertTrue(redis.peek(alice.id()).isPresent());
        assertLeft(afterwards, Keys.express(alice.id()));
    }

    @Test
    @DisplayName("L5: no step of a session's life leaves a key without a time to live")
    void noStepLeavesAKeyForever() {
        SessionRecord alice = redis.created("alice");
        everyKeyHasATimeToLive();
        redis.guest().send("PEXPIRE", Keys.express(alice.id()), "60000");
        await(redis.sessions.readAsActivity(alice.id()));
        everyKeyHasATimeToLive();
        assertTrue(await(redis.lock.tryAcquire(alice.id(), "me")));
        await(redis.sessions.writeTokens(RealStore.refreshed(alice, 1, tokens("new"), Set.of())));
        await(redis.lock.extend(alice.id(), "me"));
        everyKeyHasATimeToLive();
        await(redis.attributesOf("notes").change(alice.id(), all -> all.put("a", "b")));
        everyKeyHasATimeToLive();
        await(redis.index.markEnded(alice.identity().providerSessionHash().orElseThrow()));
        await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER));
        everyKeyHasATimeToLive();
        assertTrue(redis.guest().number("DBSIZE") >= 5);
    }

    @Test
    @DisplayName("C3, L6: one read of a session is one command")
    void oneReadIsOneCommand() {
        SessionRecord alice = redis.created("alice");
        redis.peek(alice.id());
        redis.guest().send("CONFIG", "RESETSTAT");
        redis.peek(alice.id());
        assertEquals(1, redis.commands().get("evalsha"));
        try (RedisConnection other = new RedisConnection(redis.server.uri())) {
            assertEquals("PONG", other.text("PING"));
        }
    }
}
