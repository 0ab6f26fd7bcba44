package org.acme.session.internal.store;

import static org.acme.session.internal.store.RealStore.await;
import static org.acme.session.internal.store.RealStore.awaitAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.acme.session.SessionEndedException;
import org.acme.session.contract.EndResult;
import org.acme.session.contract.EndResult.Outcome;
import org.acme.session.contract.ExpressRecord;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.store.SessionStore.TokenWrite;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What has ended stays ended. */
class EndedSessionsTest extends OnARealStore {

    private static final long MINUTE = 60_000;

    @Test
    @DisplayName("S1: ending removes Express' key, keeps a mark until the absolute end, and drops every secret")
    void endingLeavesAMark() {
        SessionRecord alice = redis.created("alice", "user");
        await(redis.attributesOf("notes").change(alice.id(), all -> all.put("draft", "private")));
        EndResult ended = await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER));

        assertEquals(
                new EndResult(
                        Outcome.ENDED,
                        Optional.empty(),
                        Optional.of(alice.identity().userHash()),
                        Optional.of("keycloak"),
                        alice.identity().providerSessionHash(),
                        alice.tokens().refresh()),
                ended);
        assertEquals(Optional.empty(), redis.peek(alice.id()));
        assertNull(redis.expressJson(alice.id()));
        assertLeft(8 * 60 * MINUTE, Keys.record(alice.id()));
        assertEquals(
                Set.of(
                        "v",
                        "state",
                        "provider",
                        "issuer",
                        "subject",
                        "sid",
                        "until",
                        "endReason",
                        "endActor",
                        "endedAt"),
                Set.copyOf(redis.guest().texts("HKEYS", Keys.record(alice.id()))));
        assertEquals("signed-off", redis.field(alice.id(), "endReason"));
        assertEquals("user", redis.field(alice.id(), "endActor"));
    }

    @Test
    @DisplayName("S3: ending twice is no error, names the provider's session again, and gives no token twice")
    void endingTwiceIsNoError() {
        SessionRecord alice = redis.created("alice");
        await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER));
        EndResult again = await(redis.sessions.end(alice.id(), Reason.REPLACED, Actor.USER));
        assertEquals(
                new EndResult(
                        Outcome.ALREADY,
                        Optional.of("signed-off"),
                        Optional.of(alice.identity().userHash()),
                        Optional.of("keycloak"),
                        alice.identity().providerSessionHash(),
                        Optional.empty()),
                again);
        assertFalse(again.livesOn());
        assertEquals("signed-off", redis.field(alice.id(), "endReason"));
    }

    @Test
    @DisplayName(
            "S3: the refresh token waits, sealed, until the provider has confirmed: a second sign-off can finish the first")
    void theRefreshTokenWaitsForTheProvider() {
        SessionRecord alice = redis.created("alice");
        Optional<String> token = alice.tokens().refresh();
        assertEquals(
                token,
                await(redis.sessions.endWithProvider(alice.id(), Reason.SIGNED_OFF, Actor.USER))
                        .refreshToken());
        EndResult again = await(redis.sessions.endWithProvider(alice.id(), Reason.SIGNED_OFF, Actor.USER));
        assertEquals(token, again.refreshToken());
        assertTrue(again.speaksForItsUser());

        await(redis.sessions.providerEnded(alice.id()));

        assertEquals(
                Optional.empty(),
                await(redis.sessions.endWithProvider(alice.id(), Reason.SIGNED_OFF, Actor.USER))
                        .refreshToken());
    }

    @Test
    @DisplayName("S3: a session that idled out can still be signed off at the provider")
    void anIdleSessionCanStillBeSignedOff() {
        SessionRecord alice = redis.created("alice");
        redis.guest().send("DEL", Keys.express(alice.id()));
        assertEquals(Optional.empty(), redis.peek(alice.id()));

        EndResult ended = await(redis.sessions.endWithProvider(alice.id(), Reason.SIGNED_OFF, Actor.USER));

        assertEquals(alice.tokens().refresh(), ended.refreshToken());
        assertTrue(ended.speaksForItsUser());
    }

    @Test
    @DisplayName("L1: the cookie of a replaced session speaks for nobody any more")
    void aReplacedSessionSpeaksForNobody() {
        SessionRecord alice = redis.created("alice");
        await(redis.sessions.end(alice.id(), Reason.REPLACED, Actor.USER));
        EndResult ended = await(redis.sessions.endWithProvider(alice.id(), Reason.SIGNED_OFF, Actor.USER));
        assertFalse(ended.speaksForItsUser());
        assertEquals(Optional.empty(), ended.refreshToken());
    }

    @Test
    @DisplayName("S3: of many who end a session at once, one gets its refresh token")
    void oneOfManyEnds() {
        SessionRecord alice = redis.created("alice");
        List<EndResult> all = awaitAll(IntStream.range(0, 20)
                .mapToObj(i -> redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER))
                .toList());
        assertEquals(
                1, all.stream().filter(end -> end.refreshToken().isPresent()).count());
        assertTrue(all.stream().noneMatch(EndResult::livesOn));
    }

    @Test
    @DisplayName("L4: an Express SET after the end is deleted by the next look, by the next end, and opens nothing")
    void lateExpressSetsAreUndone() {
        SessionRecord alice = redis.created("alice");
        String json = redis.expressJson(alice.id());
        await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER));

        redis.guest().send("SET", Keys.express(alice.id()), json, "EX", "86400");
        assertEquals(Optional.empty(), redis.peek(alice.id()));
        assertNull(redis.expressJson(alice.id()));

        redis.guest().send("SET", Keys.express(alice.id()), json, "EX", "86400");
        assertEquals(Optional.empty(), await(redis.sessions.readAsActivity(alice.id())));
        assertNull(redis.expressJson(alice.id()));

        redis.guest().send("SET", Keys.express(alice.id()), json, "EX", "86400");
        assertEquals(
                Outcome.ALREADY,
                await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER))
                        .outcome());
        assertNull(redis.expressJson(alice.id()));
    }

    @Test
    @DisplayName("L4: a guest's session that nobody has adopted stays ended, whatever the guest writes late")
    void endedGuestSessionsStayEnded() {
        SessionRecord alice = TestSessions.sessionOf("alice");
        String json = ExpressRecord.write(alice.identity(), alice.until(), false);
        redis.guest().send("SET", Keys.express(alice.id()), json, "EX", "86400");
        assertEquals(
                Outcome.NONE,
                await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER))
                        .outcome());

        redis.guest().send("SET", Keys.express(alice.id()), json, "EX", "86400");
        assertFalse(await(redis.sessions.adopt(alice, json)));
        assertEquals(Optional.empty(), redis.peek(alice.id()));
        assertNull(redis.expressJson(alice.id()));
    }

    @Test
    @DisplayName("L4: an Express touch after the end touches nothing")
    void lateTouchesTouchNothing() {
        SessionRecord alice = redis.created("alice");
        await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER));
        assertEquals(0, redis.guest().number("EXPIRE", Keys.express(alice.id()), "86400"));
        assertEquals(Optional.empty(), await(redis.sessions.readAsActivity(alice.id())));
        assertNull(redis.expressJson(alice.id()));
    }

    @Test
    @DisplayName("L4: an attribute write after the end fails and leaves nothing, a guest's SET in between or not")
    void lateAttributeWritesFail() {
        SessionRecord alice = redis.created("alice");
        String json = redis.expressJson(alice.id());
        await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER));
        AttributeStore notes = redis.attributesOf("notes");
        assertThrows(
                SessionEndedException.class, () -> await(notes.change(alice.id(), all -> all.put("draft", "late"))));

        redis.guest().send("SET", Keys.express(alice.id()), json, "EX", "60");
        assertThrows(
                SessionEndedException.class, () -> await(notes.change(alice.id(), all -> all.put("draft", "late"))));
        assertNull(redis.field(alice.id(), "attr:notes"));
        assertEquals(Map.of(), await(notes.read(alice.id())));
    }

    @Test
    @DisplayName("L4: a sign-off that wins against a refresh under way leaves no tokens, though a guest's SET follows")
    void aSignOffWinsAgainstARefresh() {
        SessionRecord alice = redis.created("alice");
        String json = redis.expressJson(alice.id());
        long used = redis.peek(alice.id()).orElseThrow().tokensRev();

        EndResult ended = await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER));
        redis.guest().send("SET", Keys.express(alice.id()), json, "EX", "60");
        TokenWrite late =
                await(redis.sessions.writeTokens(RealStore.refreshed(alice, used, tokens("late"), Set.of("admin"))));

        assertEquals(alice.tokens().refresh(), ended.refreshToken());
        assertEquals(TokenWrite.SESSION_ENDED, late);
        assertNull(redis.field(alice.id(), "access"));
        assertNull(redis.field(alice.id(), "roles"));
        assertEquals(Optional.empty(), redis.peek(alice.id()));
    }

    @Test
    @DisplayName("L4: a sign-off that comes after a refresh gets the tokens that the refresh wrote")
    void aSignOffAfterARefreshGetsItsTokens() {
        SessionRecord alice = redis.created("alice");
        assertEquals(
                TokenWrite.WRITTEN,
                await(redis.sessions.writeTokens(RealStore.refreshed(alice, 1, tokens("new"), Set.of()))));
        EndResult ended = await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER));
        assertEquals(Optional.of("refresh-new"), ended.refreshToken());
    }

    @Test
    @DisplayName("L4: in every order of end, refresh, attribute write, activity, Express SET and EXPIRE it stays ended")
    void everyOrderStaysEnded() {
        List<Integer> steps = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5));
        int orders = 0;
        for (List<Integer> order : permutations(steps)) {
            SessionRecord alice = redis.created("alice");
            String json = redis.expressJson(alice.id());
            SessionId id = alice.id();
            boolean over = false;
            for (int step : order) {
                switch (step) {
                    case 0 -> {
                        assertEquals(
                                Outcome.ENDED,
                                await(redis.sessions.end(id, Reason.SIGNED_OFF, Actor.USER))
                                        .outcome());
                        over = true;
                    }
                    case 1 ->
                        assertEquals(
                                over ? TokenWrite.SESSION_ENDED : TokenWrite.WRITTEN,
                                await(redis.sessions.writeTokens(RealStore.refreshed(id, 1, tokens("x"), Set.of()))));
                    case 2 ->
                        assertEquals(
                                over,
                                await(redis.attributesOf("notes")
                                        .change(id, all -> all.put("a", "b"))
                                        .map(done -> false)
                                        .onFailure(SessionEndedException.class)
                                        .recoverWithItem(true)));
                    case 3 ->
                        assertEquals(
                                !over, await(redis.sessions.readAsActivity(id)).isPresent());
                    case 4 -> redis.guest().send("SET", Keys.express(id), json, "EX", "86400");
                    default -> redis.guest().send("EXPIRE", Keys.express(id), "86400");
                }
            }
            assertEquals(Optional.empty(), redis.peek(id), order.toString());
            assertEquals(0, redis.guest().number("EXISTS", Keys.express(id)), order.toString());
            orders++;
        }
        assertEquals(720, orders);
    }

    private static List<List<Integer>> permutations(List<Integer> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        for (Integer first : items) {
            List<Integer> rest = new ArrayList<>(items);
            rest.remove(first);
            permutations(rest).forEach(order -> {
                List<Integer> whole = new ArrayList<>(List.of(first));
                whole.addAll(order);
                all.add(whole);
            });
        }
        return all;
    }
}
