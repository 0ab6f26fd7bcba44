package org.acme.session.internal.store;

import static org.acme.session.internal.store.RealStore.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import org.acme.session.contract.Keys;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Leases of a minute, so that none runs out while a test looks; those that have run out are written as such. */
class LeaseRepositoryTest extends OnARealStore {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String LONG_AGO = "1000";

    @BeforeEach
    void nobodyHoldsALease() {
        redis.guest().send("DEL", Keys.LEASES);
    }

    private static boolean renew(String instance, boolean holding) {
        return await(redis.leases.renew(instance, MINUTE, holding));
    }

    private static Set<String> holders() {
        return await(redis.leases.holders());
    }

    private static void assertNearly(Duration expected, Duration found) {
        assertTrue(found.compareTo(expected) <= 0 && found.compareTo(expected.minusSeconds(20)) > 0, found.toString());
    }

    @Test
    void whoRenewsHolds() {
        assertEquals(Set.of(), holders());
        assertTrue(renew("a", false));
        assertTrue(renew("b", false));
        assertTrue(renew("a", true));
        assertEquals(Set.of("a", "b"), holders());
    }

    @Test
    @DisplayName("S1: who believes to hold a lease that ran out is told so, and may begin a new one")
    void whoseLeaseRanOutIsTold() {
        renew("b", false);
        redis.guest().send("ZADD", Keys.LEASES, LONG_AGO, "a");
        assertEquals(Set.of("b"), holders());
        assertFalse(renew("a", true));
        assertEquals(Set.of("b"), holders());
        assertTrue(renew("a", false));
        assertEquals(Set.of("a", "b"), holders());
    }

    @Test
    @DisplayName("S1: a Redis that has lost the table lets nobody go on trusting")
    void aLostTableEndsAllLeases() {
        renew("a", false);
        redis.guest().send("DEL", Keys.LEASES);
        assertFalse(renew("a", true));
    }

    @Test
    @DisplayName("S1: a revoked lease cannot be renewed, and runs out when it would have")
    void revokedLeasesRunOut() {
        renew("a", false);
        renew("b", false);
        assertNearly(MINUTE, await(redis.leases.revoke(Set.of("a"))));
        assertFalse(renew("a", true));
        assertTrue(renew("b", true));
    }

    @Test
    @DisplayName("S1: until then another sign-off has to wait for it too")
    void revokedLeasesStillCount() {
        renew("a", false);
        await(redis.leases.revoke(Set.of("a")));
        assertEquals(Set.of("a"), holders());
        assertNearly(MINUTE, await(redis.leases.revoke(Set.of("a"))));
        assertEquals(Set.of("a"), holders());
    }

    @Test
    @DisplayName("S1: a renewal that was late on its way does not give back a lease that was taken")
    void aLateRenewalGivesNothingBack() {
        renew("a", false);
        await(redis.leases.revoke(Set.of("a")));
        assertFalse(renew("a", false), "sent before the instance got the lease that was taken, and overtaken by it");
        assertFalse(renew("a", true));
        assertEquals(Set.of("a"), holders());

        redis.guest().send("ZADD", Keys.LEASES, LONG_AGO, "!a");
        assertTrue(renew("a", false));
    }

    @Test
    @DisplayName("S1: the lease of one instance does not shorten the longer one of another")
    void theTableLivesAsLongAsItsLongestLease() {
        renew("long", false);
        await(redis.leases.renew("short", Duration.ofSeconds(1), false));
        assertNearly(MINUTE, Duration.ofMillis(redis.left(Keys.LEASES)));
    }

    @Test
    @DisplayName("S1: the wait is for the last of several")
    void theLastOfSeveralCounts() {
        await(redis.leases.renew("short", Duration.ofSeconds(30), false));
        renew("long", false);
        assertNearly(MINUTE, await(redis.leases.revoke(Set.of("short", "long", "never-heard-of"))));
        assertEquals(Set.of("short", "long"), holders());
    }

    @Test
    @DisplayName("S1: nobody is waited for who holds nothing")
    void nobodyIsWaitedForInVain() {
        redis.guest().send("ZADD", Keys.LEASES, LONG_AGO, "ran-out", LONG_AGO, "!revoked-and-ran-out");
        redis.guest().send("PEXPIRE", Keys.LEASES, "60000");
        assertEquals(Set.of(), holders());
        assertTrue(await(redis.leases.revoke(Set.of("never-heard-of"))).isZero());
        assertFalse(await(redis.leases.revoke(Set.of("ran-out"))).compareTo(Duration.ZERO) > 0);
    }

    @Test
    @DisplayName("S1: an entry lives as long as the lease says, by Redis' clock")
    void entriesLiveAsLongAsTheLease() {
        long before = now();
        renew("a", false);
        long after = now();
        long ends = Long.parseLong(redis.guest().text("ZSCORE", Keys.LEASES, "a"));
        assertTrue(ends >= before + MINUTE.toMillis() && ends <= after + MINUTE.toMillis());
    }

    private static long now() {
        var time = redis.guest().texts("TIME");
        return Long.parseLong(time.get(0)) * 1000 + Long.parseLong(time.get(1)) / 1000;
    }
}
