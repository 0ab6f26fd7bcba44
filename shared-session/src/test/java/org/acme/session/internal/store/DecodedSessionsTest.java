package org.acme.session.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.Tokens;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.junit.jupiter.api.Test;

/** What was read is kept, and yet nothing is believed that Redis does not say now. */
class DecodedSessionsTest extends OnARealStore {

    private static Optional<SessionRecord> read(SessionRecord session) {
        return redis.peek(session.id());
    }

    @Test
    void whatIsTheSameIsNotReadTwice() {
        SessionRecord alice = redis.created("alice");
        SessionRecord first = read(alice).orElseThrow();
        assertEquals(alice, first);
        assertSame(first, read(alice).orElseThrow());
    }

    @Test
    void anEndedSessionIsGoneAtTheNextRead() {
        SessionRecord alice = redis.created("alice");
        assertEquals(Optional.of(alice), read(alice));
        RealStore.await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER));
        assertEquals(Optional.empty(), read(alice));
    }

    @Test
    void aGuestsDeleteIsSeenAtTheNextRead() {
        SessionRecord alice = redis.created("alice");
        assertEquals(Optional.of(alice), read(alice));
        redis.guest().send("DEL", Keys.express(alice.id()));
        assertEquals(Optional.empty(), read(alice));
    }

    @Test
    void refreshedTokensAreSeenAtTheNextRead() {
        SessionRecord alice = redis.created("alice", "user");
        assertEquals(Optional.of(alice), read(alice));
        Tokens fresh = new Tokens("fresh", Instant.ofEpochMilli(1_900_000_000_000L), Optional.empty());
        RealStore.await(
                redis.sessions.writeTokens(RealStore.refreshed(alice, alice.tokensRev(), fresh, Set.of("admin"))));
        SessionRecord now = read(alice).orElseThrow();
        assertEquals("fresh", now.tokens().access());
        assertEquals(Set.of("admin"), now.identity().roles());
    }

    @Test
    void whatIsDamagedAfterItWasReadCountsAsAbsent() {
        SessionRecord alice = redis.created("alice");
        assertEquals(Optional.of(alice), read(alice));
        redis.guest().send("SET", Keys.express(alice.id()), "no JSON", "EX", "60");
        assertEquals(Optional.empty(), read(alice));
    }

    @Test
    void aGuestsOtherUserIsNotBelievedAfterOursWasUnderstood() {
        SessionRecord alice = redis.created("alice");
        SessionRecord bob = redis.created("bob");
        assertEquals(Optional.of(alice), read(alice));
        redis.guest().send("SET", Keys.express(alice.id()), redis.expressJson(bob.id()), "EX", "60");
        assertEquals(Optional.empty(), read(alice));
    }
}
