package org.acme.session.internal.store;

import static org.acme.session.internal.store.RealStore.await;
import static org.acme.session.internal.store.RealStore.awaitAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.acme.session.contract.EndResult;
import org.acme.session.contract.EndResult.Outcome;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.store.SessionStore.TokenWrite;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Tokens are replaced, never rolled back. */
class TokenWritesTest extends OnARealStore {

    private static final long MINUTE = 60_000;

    @Test
    @DisplayName("R1: of many who write tokens for one revision, one does; the others are told")
    void oneWriterPerRevision() {
        SessionRecord alice = redis.created("alice", "user");
        List<TokenWrite> writes = awaitAll(IntStream.range(0, 20)
                .mapToObj(i -> redis.sessions.writeTokens(
                        RealStore.refreshed(alice, 1, tokens("by-" + i), Set.of("role-" + i))))
                .toList());
        int winner = writes.indexOf(TokenWrite.WRITTEN);
        assertEquals(19, Collections.frequency(writes, TokenWrite.OTHER_TOKENS_THERE));
        SessionRecord now = redis.peek(alice.id()).orElseThrow();
        assertEquals(2, now.tokensRev());
        assertEquals(tokens("by-" + winner), now.tokens());
        assertEquals(Set.of("role-" + winner), now.identity().roles());
    }

    @Test
    @DisplayName("R1: tokens cannot be rolled back by a writer that used older ones")
    void tokensAreNotRolledBack() {
        SessionRecord alice = redis.created("alice");
        assertEquals(
                TokenWrite.WRITTEN,
                await(redis.sessions.writeTokens(RealStore.refreshed(alice, 1, tokens("two"), Set.of()))));
        assertEquals(
                TokenWrite.WRITTEN,
                await(redis.sessions.writeTokens(RealStore.refreshed(alice, 2, tokens("three"), Set.of()))));
        assertEquals(
                TokenWrite.OTHER_TOKENS_THERE,
                await(redis.sessions.writeTokens(RealStore.refreshed(alice, 1, tokens("old"), Set.of()))));
        assertEquals(
                TokenWrite.OTHER_TOKENS_THERE,
                await(redis.sessions.writeTokens(RealStore.refreshed(alice, 9, tokens("new"), Set.of()))));
        assertEquals(tokens("three"), redis.peek(alice.id()).orElseThrow().tokens());
    }

    @Test
    @DisplayName("R4: a refresh keeps the id, the limits and everything else")
    void aRefreshChangesTokensOnly() {
        SessionRecord alice = redis.created("alice", "user");
        redis.guest().send("PEXPIRE", Keys.express(alice.id()), "600000");
        await(redis.sessions.writeTokens(RealStore.refreshed(alice, 1, tokens("new"), Set.of("user"))));
        SessionRecord now = redis.peek(alice.id()).orElseThrow();
        assertEquals(
                new SessionRecord(
                                alice.id(),
                                alice.identity(),
                                alice.createdAt(),
                                alice.until(),
                                alice.device(),
                                alice.address(),
                                tokens("new"),
                                2)
                        .authenticated(alice.authenticatedAt(), alice.acr()),
                now);
        assertLeft(10 * MINUTE, Keys.express(alice.id()));
    }

    @Test
    @DisplayName("R3: a refused refresh ends the session, unless newer tokens are there by then")
    void refusedRefreshesEndUnlessRefreshed() {
        SessionRecord alice = redis.created("alice");
        await(redis.sessions.writeTokens(RealStore.refreshed(alice, 1, tokens("new"), Set.of())));
        EndResult late =
                await(redis.sessions.endUnlessRefreshed(alice.id(), Reason.REFRESH_REFUSED, Actor.PROVIDER, 1));
        assertEquals(Outcome.REFRESHED, late.outcome());
        assertTrue(late.livesOn());
        assertTrue(redis.peek(alice.id()).isPresent());

        EndResult now = await(redis.sessions.endUnlessRefreshed(alice.id(), Reason.REFRESH_REFUSED, Actor.PROVIDER, 2));
        assertEquals(Outcome.ENDED, now.outcome());
        assertEquals(Optional.empty(), redis.peek(alice.id()));
        assertEquals(
                Outcome.ALREADY,
                await(redis.sessions.endUnlessRefreshed(alice.id(), Reason.REFRESH_REFUSED, Actor.PROVIDER, 1))
                        .outcome());
    }

    @Test
    @DisplayName("L9: unknown fields survive every write of ours")
    void unknownFieldsSurvive() {
        SessionRecord alice = redis.created("alice");
        redis.guest().send("HSET", Keys.record(alice.id()), "loa", "2");
        await(redis.sessions.writeTokens(RealStore.refreshed(alice, 1, tokens("new"), Set.of())));
        await(redis.attributesOf("notes").change(alice.id(), all -> all.put("a", "b")));
        redis.guest().send("PEXPIRE", Keys.express(alice.id()), "60000");
        await(redis.sessions.readAsActivity(alice.id()));
        assertEquals("2", redis.field(alice.id(), "loa"));
    }
}
