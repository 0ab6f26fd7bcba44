package org.acme.session.internal.store;

import static org.acme.session.internal.store.RealStore.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.acme.session.contract.EndResult;
import org.acme.session.contract.EndResult.Outcome;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.acme.session.testing.LogLines;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that somebody has spoilt. */
class DamagedSessionsTest extends OnARealStore {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SET|{express}|CANARY|",
                "SET|{express}|{\"cookie\":{}}|",
                "SET|{express}|{\"cookie\":{},\"passport\":{\"user\":{\"issuer\":\"CANARY\",\"subject\":\"CANARY\"}}}|",
                "LPUSH|{express}|CANARY|",
                "SET|{record}|CANARY|",
                "HSET|{record}|access|CANARY",
                "HSET|{record}|refresh|test.CANARY",
                "HSET|{record}|roles|null",
                "HSET|{record}|profile|{\"CANARY\":",
                "HSET|{record}|v|2",
                "HSET|{record}|until|CANARY",
                "HSET|{record}|tokensRev|01",
                "HSET|{record}|tokensRev|+1",
                "HSET|{record}|created|CANARY"
            })
    @DisplayName("L11: a damaged session counts as absent, with a log line that has its fingerprint and no secret")
    void damageIsAbsence(String command, String key, String value, String more) {
        SessionRecord alice = redis.created("alice");
        SessionRecord bob = redis.created("bob");
        String damaged = key.equals("{express}") ? Keys.express(alice.id()) : Keys.record(alice.id());
        if (!command.equals("HSET")) {
            redis.guest().send("DEL", damaged);
        }
        redis.guest()
                .send(
                        more == null
                                ? new String[] {command, damaged, value}
                                : new String[] {command, damaged, value, more});
        redis.guest().send("EXPIRE", damaged, "60");
        try (LogLines log = new LogLines(SessionStore.class)) {
            assertEquals(Optional.empty(), await(redis.sessions.readAsActivity(alice.id())));
            assertEquals(1, log.lines().size(), log.lines().toString());
            String line = log.lines().get(0);
            assertTrue(line.contains(alice.id().fingerprint()), line);
            for (String secret : List.of(
                    "CANARY",
                    alice.id().value(),
                    alice.tokens().access(),
                    alice.tokens().refresh().orElseThrow())) {
                assertFalse(line.contains(secret), line);
            }
        }
        assertEquals(Optional.of(bob), redis.peek(bob.id()));
    }

    @Test
    @DisplayName("L11: an end with a fraction, which other languages write, is damage to one session, and no outage")
    void anEndWithAFraction() {
        SessionRecord alice = redis.created("alice");
        String soon = (System.currentTimeMillis() + 60_000) + ".5";
        redis.guest().send("HSET", Keys.record(alice.id()), "until", soon);
        assertEquals(Optional.empty(), await(redis.sessions.readAsActivity(alice.id())));
        assertEquals(Optional.empty(), redis.peek(alice.id()));
        EndResult ended = await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER));
        assertEquals(Outcome.ENDED, ended.outcome());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "-1767254400000"})
    @DisplayName("L11: an end of zero or less has passed, at the first read already")
    void anEndBeforeAllTime(String until) {
        SessionRecord alice = redis.created("alice");
        redis.guest().send("HSET", Keys.record(alice.id()), "until", until);
        assertEquals(Optional.empty(), await(redis.sessions.readAsActivity(alice.id())));
        assertEquals(Optional.empty(), redis.peek(alice.id()));
    }

    @Test
    @DisplayName("L7: a session that can be used is in the list, whatever somebody has written as its last use")
    void anUnreadableLastUse() {
        SessionRecord alice = redis.created("alice");
        redis.guest().send("HSET", Keys.record(alice.id()), "seen", "1767254400000.5");
        assertEquals(Optional.of(alice), redis.peek(alice.id()));
        assertEquals(
                alice.createdAt(),
                await(redis.sessions.summary(alice.id())).orElseThrow().seenAt());
    }

    @Test
    @DisplayName("L11: of what is no record nobody knows why it ended, or where its user was signed in")
    void noRecord() {
        SessionRecord alice = redis.created("alice");
        redis.guest().send("DEL", Keys.record(alice.id()));
        redis.guest().send("SET", Keys.record(alice.id()), "CANARY", "EX", "60");
        assertEquals(Optional.empty(), await(redis.sessions.endReason(alice.id())));
        assertEquals(Optional.empty(), await(redis.sessions.providerOf(alice.id())));
    }

    @Test
    @DisplayName("S3: a session whose tokens do not open can be ended all the same")
    void damagedSessionsCanBeEnded() {
        SessionRecord alice = redis.created("alice");
        redis.guest().send("HSET", Keys.record(alice.id()), "refresh", "gone.AAAA");
        EndResult ended = await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER));
        assertEquals(Outcome.ENDED, ended.outcome());
        assertEquals(Optional.empty(), ended.refreshToken());
    }
}
