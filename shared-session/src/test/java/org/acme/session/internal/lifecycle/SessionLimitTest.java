package org.acme.session.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.acme.session.contract.Identity;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.store.SessionStore;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** At most three sessions for each user. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@TestProfile(SessionLimitTest.AtMostThree.class)
class SessionLimitTest {

    /** The policy under test. */
    public static final class AtMostThree implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("sso.session.max-per-user", "3");
        }
    }

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Inject
    SessionLimit limit;

    @Inject
    SessionStore sessions;

    private final String name = "alice-" + UUID.randomUUID();

    @Test
    @DisplayName(
            "L7: with one session too many, the one used longest ago ends, with its provider session; the new one lives")
    void theOldestEnds() {
        List<SessionRecord> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(begun(TestSessions.sessionOf(name), i));
        }
        // The first one is old, and was used a moment ago.
        setSeen(all.get(0), 10);

        await(limit.keep(all.get(3)));

        assertEquals(
                List.of(true, false, true, true), all.stream().map(this::lives).toList());
        assertEquals(1, number("EXISTS", Keys.endedProviderSession(providerSession(all.get(1)))));
        assertEquals(3, number("ZCARD", Keys.userIndex(all.get(0).identity().userHash())));
    }

    @Test
    @DisplayName("L7: sessions that idled out count for nothing, and leave the index")
    void deadSessionsDoNotCount() {
        List<SessionRecord> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(begun(TestSessions.sessionOf(name), i));
        }
        for (SessionRecord idle : all.subList(0, 2)) {
            number("DEL", Keys.express(idle.id()));
        }
        await(limit.keep(all.get(4)));
        assertEquals(
                List.of(true, true, true),
                all.subList(2, 5).stream().map(this::lives).toList());
        assertEquals(3, number("ZCARD", Keys.userIndex(all.get(0).identity().userHash())));
    }

    @Test
    @DisplayName("L7: an old session of the same browser's provider session ends alone")
    void theSameBrowsersSessionEndsAlone() {
        List<SessionRecord> all = new ArrayList<>();
        SessionRecord first = TestSessions.sessionOf(name);
        for (int i = 0; i < 4; i++) {
            SessionRecord session = TestSessions.sessionOf(name);
            all.add(begun(of(first.identity(), session), i));
        }
        await(limit.keep(all.get(3)));
        assertEquals(
                List.of(false, true, true, true), all.stream().map(this::lives).toList());
        assertEquals(0, number("EXISTS", Keys.endedProviderSession(providerSession(first))));
    }

    private static SessionRecord of(Identity user, SessionRecord session) {
        return SessionRecord.begin(session.id(), user, session.createdAt(), session.until(), "", session.tokens());
    }

    private static SessionRecord begun(SessionRecord session, int seen) {
        TestSessions.cookieOf(session);
        setSeen(session, seen);
        return session;
    }

    private static void setSeen(SessionRecord session, int seen) {
        number("HSET", Keys.record(session.id()), "seen", Integer.toString(seen));
    }

    private static String providerSession(SessionRecord session) {
        return session.identity().providerSessionHash().orElseThrow();
    }

    private boolean lives(SessionRecord session) {
        return await(sessions.peek(session.id())).isPresent();
    }

    private static long number(String... command) {
        try (RedisConnection redis =
                new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class))) {
            return redis.number(command);
        }
    }

    private static <T> T await(Uni<T> result) {
        return result.await().atMost(LIMIT);
    }
}
