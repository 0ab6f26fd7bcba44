package org.acme.session.store;

import static org.acme.session.store.RealStore.await;
import static org.acme.session.store.RealStore.awaitAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.acme.session.SessionEndedException;
import org.acme.session.contract.ExpressRecord;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.Tokens;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.acme.session.store.EndResult.Outcome;
import org.acme.session.store.SessionStore.TokenWrite;
import org.acme.session.testing.LogLines;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionStoreTest {

    private static final long MINUTE = 60_000;
    /** How far two looks at a clock may be apart on a busy machine. */
    private static final long SLACK = 20_000;

    private static RealStore redis;

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

    private static void assertLeft(long expectedMillis, String key) {
        long left = redis.left(key);
        assertTrue(left <= expectedMillis && left > expectedMillis - SLACK, key + " has " + left + " ms");
    }

    // Begin and read

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
        assertEquals(TokenWrite.SESSION_ENDED, await(redis.sessions.writeTokens(unknown, 1, tokens("x"), Set.of())));
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

    // L2: limits

    @Test
    @DisplayName("L2: the idle limit is the time to live of Express' key, the absolute end that of the record")
    void limitsAreTimesToLive() {
        SessionRecord alice = redis.created("alice");
        assertLeft(30 * MINUTE, Keys.express(alice.id()));
        assertLeft(8 * 60 * MINUTE, Keys.record(alice.id()));
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

    // L4: what has ended stays ended

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
        TokenWrite late = await(redis.sessions.writeTokens(alice.id(), used, tokens("late"), Set.of("admin")));

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
        assertEquals(TokenWrite.WRITTEN, await(redis.sessions.writeTokens(alice.id(), 1, tokens("new"), Set.of())));
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
                                await(redis.sessions.writeTokens(id, 1, tokens("x"), Set.of())));
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

    // Tokens

    @Test
    @DisplayName("R1: of many who write tokens for one revision, one does; the others are told")
    void oneWriterPerRevision() {
        SessionRecord alice = redis.created("alice", "user");
        List<TokenWrite> writes = awaitAll(IntStream.range(0, 20)
                .mapToObj(i -> redis.sessions.writeTokens(alice.id(), 1, tokens("by-" + i), Set.of("role-" + i)))
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
        assertEquals(TokenWrite.WRITTEN, await(redis.sessions.writeTokens(alice.id(), 1, tokens("two"), Set.of())));
        assertEquals(TokenWrite.WRITTEN, await(redis.sessions.writeTokens(alice.id(), 2, tokens("three"), Set.of())));
        assertEquals(
                TokenWrite.OTHER_TOKENS_THERE,
                await(redis.sessions.writeTokens(alice.id(), 1, tokens("old"), Set.of())));
        assertEquals(
                TokenWrite.OTHER_TOKENS_THERE,
                await(redis.sessions.writeTokens(alice.id(), 9, tokens("new"), Set.of())));
        assertEquals(tokens("three"), redis.peek(alice.id()).orElseThrow().tokens());
    }

    @Test
    @DisplayName("R4: a refresh keeps the id, the limits and everything else")
    void aRefreshChangesTokensOnly() {
        SessionRecord alice = redis.created("alice", "user");
        redis.guest().send("PEXPIRE", Keys.express(alice.id()), "600000");
        await(redis.sessions.writeTokens(alice.id(), 1, tokens("new"), Set.of("user")));
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
                        2),
                now);
        assertLeft(10 * MINUTE, Keys.express(alice.id()));
    }

    @Test
    @DisplayName("R3: a refused refresh ends the session, unless newer tokens are there by then")
    void refusedRefreshesEndUnlessRefreshed() {
        SessionRecord alice = redis.created("alice");
        await(redis.sessions.writeTokens(alice.id(), 1, tokens("new"), Set.of()));
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
        await(redis.sessions.writeTokens(alice.id(), 1, tokens("new"), Set.of()));
        await(redis.attributesOf("notes").change(alice.id(), all -> all.put("a", "b")));
        redis.guest().send("PEXPIRE", Keys.express(alice.id()), "60000");
        await(redis.sessions.readAsActivity(alice.id()));
        assertEquals("2", redis.field(alice.id(), "loa"));
    }

    // Attributes

    @Test
    @DisplayName("L8: two services that write at once lose nothing, nor do requests of one service, nor a refresh")
    void nothingIsLost() {
        SessionRecord alice = redis.created("alice");
        AttributeStore notes = redis.attributesOf("notes");
        AttributeStore shop = redis.attributesOf("shop");
        List<Uni<Void>> writes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String key = "k" + i;
            writes.add(notes.change(alice.id(), all -> all.put(key, "n")));
            writes.add(shop.change(alice.id(), all -> all.put(key, "s")));
        }
        writes.add(redis.sessions
                .writeTokens(alice.id(), 1, tokens("new"), Set.of())
                .replaceWithVoid());
        awaitAll(writes);

        Set<String> keys = Set.of("k0", "k1", "k2", "k3", "k4", "k5");
        assertEquals(keys, await(notes.read(alice.id())).keySet());
        assertEquals(keys, await(shop.read(alice.id())).keySet());
        assertEquals(Set.of("s"), Set.copyOf(await(shop.read(alice.id())).values()));
        assertEquals(tokens("new"), redis.peek(alice.id()).orElseThrow().tokens());
    }

    @Test
    @DisplayName("L8: a change is made to what is there, though somebody wrote between reading and writing")
    void changesAreMadeToWhatIsThere() {
        SessionRecord alice = redis.created("alice");
        AttributeStore notes = redis.attributesOf("notes");
        List<Map<String, String>> seen = new ArrayList<>();
        await(notes.change(alice.id(), all -> {
            seen.add(Map.copyOf(all));
            if (seen.size() == 1) {
                redis.guest().send("HSET", Keys.record(alice.id()), "attr:notes", "{\"other\":\"1\"}");
            }
            all.put("mine", "1");
        }));
        assertEquals(List.of(Map.of(), Map.of("other", "1")), seen);
        assertEquals(Map.of("other", "1", "mine", "1"), await(notes.read(alice.id())));
    }

    @Test
    @DisplayName("L8: attributes take 8 KiB of one service; what is larger is refused and nothing is stored")
    void attributesAreBounded() {
        SessionRecord alice = redis.created("alice");
        AttributeStore notes = redis.attributesOf("notes");
        int frame = "{\"a\":\"\"}".length();
        String largest = "ü".repeat((8192 - frame) / 2);
        await(notes.change(alice.id(), all -> all.put("a", largest)));
        assertThrows(
                IllegalArgumentException.class,
                () -> await(notes.change(alice.id(), all -> all.put("a", largest + "x"))));
        assertThrows(IllegalArgumentException.class, () -> await(notes.change(alice.id(), all -> all.put("b", ""))));
        assertEquals(Map.of("a", largest), await(notes.read(alice.id())));
        await(redis.attributesOf("shop").change(alice.id(), all -> all.put("a", largest)));
    }

    @Test
    void theLastAttributeTakesItsFieldAlong() {
        SessionRecord alice = redis.created("alice");
        AttributeStore notes = redis.attributesOf("notes");
        await(notes.change(alice.id(), all -> all.put("a", "b")));
        await(notes.change(alice.id(), all -> all.remove("a")));
        assertNull(redis.field(alice.id(), "attr:notes"));
        await(notes.change(alice.id(), all -> all.remove("a")));
        assertEquals(Map.of(), await(notes.read(alice.id())));
    }

    // Damage

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

    @Test
    @DisplayName("L5: no step of a session's life leaves a key without a time to live")
    void noStepLeavesAKeyForever() {
        SessionRecord alice = redis.created("alice");
        everyKeyHasATimeToLive();
        redis.guest().send("PEXPIRE", Keys.express(alice.id()), "60000");
        await(redis.sessions.readAsActivity(alice.id()));
        everyKeyHasATimeToLive();
        assertTrue(await(redis.lock.tryAcquire(alice.id(), "me")));
        await(redis.sessions.writeTokens(alice.id(), 1, tokens("new"), Set.of()));
        await(redis.lock.extend(alice.id(), "me"));
        everyKeyHasATimeToLive();
        await(redis.attributesOf("notes").change(alice.id(), all -> all.put("a", "b")));
        everyKeyHasATimeToLive();
        await(redis.index.markEnded(alice.identity().providerSessionHash().orElseThrow()));
        await(redis.sessions.end(alice.id(), Reason.SIGNED_OFF, Actor.USER));
        everyKeyHasATimeToLive();
        assertTrue(redis.guest().number("DBSIZE") >= 5);
    }

    private static Tokens tokens(String name) {
        return new Tokens("access-" + name, Instant.ofEpochMilli(1_900_000_000_000L), Optional.of("refresh-" + name));
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
