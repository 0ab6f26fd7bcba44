package org.acme.session.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.acme.session.SessionEnding;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.cache.NearCache;
import org.acme.session.internal.store.SessionStore;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** When an open stream learns that its session has ended. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class SessionWatchTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Inject
    SessionWatch watch;

    @Inject
    SessionStore store;

    @Inject
    NearCache cache;

    private SessionRecord session = TestSessions.sessionOf("alice");
    private CompletableFuture<SessionEnding> ended;

    @BeforeEach
    void anOpenStream() {
        TestSessions.cookieOf(session);
        ended = watch.ended(session).subscribeAsCompletionStage();
    }

    private void endInRedisOnly() {
        store.end(session.id(), Reason.SIGNED_OFF, Actor.USER).await().atMost(LIMIT);
    }

    @Test
    @DisplayName("S4: at once with the event, long before it would have looked by itself")
    void atOnceWithTheNews() throws Exception {
        long start = System.nanoTime();
        endInRedisOnly();

        cache.invalidate(session.id().hash(), Optional.empty());

        assertEquals(SessionEnding.SIGNED_OFF, ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 1400, "before the first look");
    }

    @Test
    @DisplayName("S4: at once also when another tab of the same provider session is named")
    void atOnceWithTheProviderSession() throws Exception {
        endInRedisOnly();

        cache.invalidate("another", session.identity().providerSessionHash());

        ended.get(1400, TimeUnit.MILLISECONDS);
    }

    @Test
    @DisplayName("S4: without any event within two seconds; and a false event ends nothing")
    void withoutNews() throws Exception {
        cache.invalidate(session.id().hash(), session.identity().providerSessionHash());
        store.peek(session.id()).await().atMost(LIMIT);
        assertFalse(ended.isDone());

        endInRedisOnly();

        ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("S4: says why: idled out, replaced, ended by the provider")
    void saysWhy() throws Exception {
        store.end(session.id(), Reason.PROVIDER_LOGOUT, Actor.PROVIDER).await().atMost(LIMIT);
        assertEquals(SessionEnding.ENDED_BY_PROVIDER, ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS));

        anOpenStreamOfAnotherSession();
        store.end(session.id(), Reason.REPLACED, Actor.USER).await().atMost(LIMIT);
        assertEquals(SessionEnding.REPLACED, ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS));

        anOpenStreamOfAnotherSession();
        try (RedisConnection redis =
                new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class))) {
            redis.send("PEXPIRE", Keys.express(session.id()), "1");
        }
        assertEquals(SessionEnding.IDLE, ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
    }

    private void anOpenStreamOfAnotherSession() {
        session = TestSessions.sessionOf("alice");
        anOpenStream();
    }
}
