package org.acme.session.internal.store;

import static org.acme.session.internal.store.RealStore.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.acme.session.contract.Identity;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SessionIndexTest extends OnARealStore {

    private final String name = "user-" + UUID.randomUUID();

    private SessionRecord entered(Instant until, String providerSession) {
        SessionRecord any = TestSessions.sessionOf(name);
        Identity user = any.identity();
        SessionRecord session = new SessionRecord(
                any.id(),
                new Identity(
                        user.provider(),
                        user.issuer(),
                        user.subject(),
                        Optional.ofNullable(providerSession),
                        name,
                        Set.of(),
                        java.util.Map.of()),
                any.createdAt(),
                until,
                "",
                "",
                any.tokens(),
                1);
        await(redis.index.add(session));
        return session;
    }

    private String userKey() {
        return Keys.userIndex(TestSessions.ISSUER, "subject-of-" + name);
    }

    @Test
    @DisplayName("L7: a user's sessions and a provider session's sessions are found")
    void sessionsAreFound() {
        Instant until = Instant.now().plus(Duration.ofHours(8));
        SessionRecord one = entered(until, name + "-sid");
        SessionRecord two = entered(until, name + "-sid");
        SessionRecord elsewhere = entered(until, name + "-other-sid");
        assertEquals(
                Set.of(one.id(), two.id()),
                Set.copyOf(await(redis.index.ofProviderSession(
                        one.identity().providerSessionHash().orElseThrow()))));
        assertEquals(
                Set.of(one.id().value(), two.id().value(), elsewhere.id().value()),
                Set.copyOf(redis.guest().texts("ZRANGE", userKey(), "0", "-1")));
    }

    @Test
    void whoseProviderNamesNoSessionIsFoundByUserOnly() {
        long before = redis.guest().texts("KEYS", "idx:sid:*").size();
        entered(Instant.now().plus(Duration.ofHours(8)), null);
        assertEquals(1, redis.guest().number("ZCARD", userKey()));
        assertEquals(before, redis.guest().texts("KEYS", "idx:sid:*").size());
    }

    @Test
    @DisplayName("L5: an index lives as long as the last session in it, whatever order they came in")
    void anIndexLivesAsLongAsItsLastSession() {
        Instant late = Instant.now().plus(Duration.ofHours(8));
        entered(late, null);
        entered(Instant.now().plus(Duration.ofMinutes(1)), null);
        assertEquals(late.toEpochMilli(), redis.guest().number("PEXPIRETIME", userKey()));
        Instant later = late.plusSeconds(60);
        entered(later, null);
        assertEquals(later.toEpochMilli(), redis.guest().number("PEXPIRETIME", userKey()));
    }

    @Test
    @DisplayName("an index drops what is over when something new comes")
    void anIndexDropsWhatIsOver() {
        redis.guest().send("ZADD", userKey(), "1000", SessionId.random().value());
        SessionRecord now = entered(Instant.now().plus(Duration.ofHours(8)), null);
        assertEquals(List.of(now.id().value()), redis.guest().texts("ZRANGE", userKey(), "0", "-1"));
    }

    @Test
    @DisplayName("S5: an ended provider session is remembered as long as an access token of it can live")
    void endedProviderSessionsAreRemembered() {
        String hash = UUID.randomUUID().toString();
        assertFalse(await(redis.index.hasEndedSince(Optional.of(hash), Instant.now())));
        await(redis.index.markEnded(hash));
        assertTrue(await(redis.index.hasEndedSince(Optional.of(hash), Instant.now())));
        long left = redis.left(Keys.endedProviderSession(hash));
        assertTrue(left > Duration.ofMinutes(14).toMillis()
                && left <= Duration.ofMinutes(15).toMillis());
        assertFalse(await(redis.index.hasEndedSince(Optional.empty(), Instant.now())));
    }

    @Test
    @DisplayName("R1: a refresh lock is one holder's, and nobody else frees or extends it")
    void aLockIsItsHolders() {
        SessionId id = SessionId.random();
        assertTrue(await(redis.lock.tryAcquire(id, "me")));
        assertFalse(await(redis.lock.tryAcquire(id, "other")));
        assertFalse(await(redis.lock.tryAcquire(id, "me")));

        await(redis.lock.release(id, "other"));
        redis.guest().send("PEXPIRE", Keys.refreshLock(id), "60000");
        await(redis.lock.extend(id, "other"));
        assertTrue(redis.left(Keys.refreshLock(id)) > 5_000);
        await(redis.lock.extend(id, "me"));
        long left = redis.left(Keys.refreshLock(id));
        assertTrue(left > 0 && left <= 5_000, "R2: it is free soon after its holder died: " + left);

        await(redis.lock.release(id, "me"));
        assertTrue(await(redis.lock.tryAcquire(id, "other")));
    }

    @Test
    @DisplayName("S1 F28: a sign-in that began before its provider session ended here counts for nothing")
    void aSignInUnderWayAtASignOff() {
        String hash = name + "-under-way";
        await(redis.index.markEnded(hash));
        Instant now = Instant.now();
        for (Instant begun : List.of(now.minusSeconds(600), now.minusSeconds(1), now, Instant.EPOCH)) {
            assertFalse(await(redis.index.beginsAnew(Optional.of(hash), begun, now.plusSeconds(20))), begun::toString);
        }
        assertTrue(await(redis.index.hasEndedSince(Optional.of(hash), now)), "the mark is as it was");
        assertTrue(await(redis.index.beginsAnew(Optional.empty(), now, now)));
        assertTrue(await(redis.index.beginsAnew(Optional.of("never-ended"), now, now)));
    }

    @Test
    @DisplayName(
            "F28 S5: one that began after it counts, with what the provider issues from then on, and nothing older")
    void aSignInAfterASignOff() {
        String hash = name + "-anew";
        Optional<String> providerSession = Optional.of(hash);
        await(redis.index.markEnded(hash));
        Instant issued = Instant.now().plusSeconds(3);
        assertTrue(await(redis.index.hasEndedSince(providerSession, issued)), "30 s for the provider's clock");
        assertTrue(await(redis.index.beginsAnew(providerSession, Instant.now().plusSeconds(3), issued)));
        assertFalse(await(redis.index.hasEndedSince(providerSession, issued)), "its own bearer token");
        assertTrue(await(redis.index.hasEndedSince(providerSession, issued.minusSeconds(1))), "an older one");

        await(redis.index.markEnded(hash));
        assertTrue(await(redis.index.hasEndedSince(providerSession, issued)), "signed off once more");
    }
}
