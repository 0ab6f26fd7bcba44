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
    @DisplayName("S3: a session whose tokens do not open can be ended all the same")
    void damagedSessionsCanBeEnded() {
        SessionRecord alice = redis.created("alice");
        redis.guest().send("HSET", Keys.record(alice.id()), "refresh", "gone.AAAA");
        EndResult ended = await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER));
        assertEquals(Outcome.ENDED, ended.outcome());
        assertEquals(Optional.empty(), ended.refreshToken());
    }
}
