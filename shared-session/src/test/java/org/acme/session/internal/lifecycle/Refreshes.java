package org.acme.session.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.Tokens;
import org.acme.session.internal.store.SessionIndex;
import org.acme.session.internal.store.SessionStore;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * Refreshes on a real Redis, with a provider that does what it is told. A call is what one instance does: nothing but Redis
 * connects two of them.
 */
abstract class Refreshes {

    /** Short limits, so that they are reached, and a clock that can be wrong. */
    public static final class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "sso.refresh.lock-ttl", "400ms",
                    "sso.refresh.request-timeout", "6s",
                    "sso.refresh.provider-timeout", "8s");
        }

        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(MovableClock.class);
        }
    }

    static final Duration LIMIT = Duration.ofSeconds(20);

    static final Duration GONE_BY = Duration.ofSeconds(-1);

    /** Due, for that is within the 15 seconds ahead of the expiry, and still good. */
    static final Duration SOON = Duration.ofSeconds(10);

    ScriptedProvider provider;

    @Inject
    Refresher refresher;

    @Inject
    SessionResolver resolver;

    @Inject
    SessionStore sessions;

    @Inject
    SessionIndex index;

    @Inject
    MovableClock clock;

    RedisConnection redis;

    @BeforeEach
    void connect() {
        provider.behaves(ScriptedProvider::grant);
        redis = new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class));
    }

    @AfterEach
    void everyKeyHasATimeToLive() {
        clock.wrongBy(Duration.ZERO);
        assertEquals(List.of(), redis.keysWithoutTimeToLive(), "L5");
        redis.close();
    }

    /** A session whose access token expires in so long, by the clock of the instance. */
    SessionRecord session(Duration left) {
        return session(left, "old-access");
    }

    SessionRecord session(Duration left, String access) {
        SessionRecord plain = TestSessions.sessionOf("alice", "user");
        Tokens tokens = new Tokens(
                access,
                Instant.ofEpochMilli(clock.instant().plus(left).toEpochMilli()),
                plain.tokens().refresh());
        SessionRecord session =
                SessionRecord.begin(plain.id(), plain.identity(), plain.createdAt(), plain.until(), "", tokens);
        TestSessions.cookieOf(session);
        return session;
    }

    static String refreshToken(SessionRecord session) {
        return session.tokens().refresh().orElseThrow();
    }

    Optional<SessionRecord> refreshed(SessionRecord session) {
        return await(refresher.refreshed(session));
    }

    /** It goes on beside the request. */
    void waitForTheEndOfTheRefresh(SessionRecord session) {
        Instant deadline = Instant.now().plus(LIMIT);
        while (provider.used().isEmpty() || redis.number("EXISTS", Keys.refreshLock(session.id())) == 1) {
            assertTrue(Instant.now().isBefore(deadline), "the refresh does not end");
            Thread.onSpinWait();
        }
    }

    void assertUntouched(SessionRecord session) {
        SessionRecord now = await(sessions.peek(session.id())).orElseThrow();
        assertEquals(session.tokens().refresh(), now.tokens().refresh());
        assertEquals("live", redis.text("HGET", Keys.record(session.id()), "state"));
    }

    static <T> T await(Uni<T> result) {
        return result.await().atMost(LIMIT);
    }
}
