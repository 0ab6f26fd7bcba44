package org.acme.session.life;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.acme.session.contract.SessionRecord;
import org.acme.session.memory.NearCache;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;
import org.acme.session.store.SessionStore;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
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
    NearCache memory;

    private final SessionRecord session = TestSessions.sessionOf("alice");
    private CompletableFuture<Void> ended;

    @BeforeEach
    void anOpenStream() {
        TestSessions.cookieOf(session);
        ended = watch.ended(session).subscribeAsCompletionStage();
    }

    private void endInRedisOnly() {
        store.end(session.id(), Reason.SIGNED_OFF, Actor.USER).await().atMost(LIMIT);
    }

    @Test
    @DisplayName("S4: at once with the news, long before it would have looked by itself")
    void atOnceWithTheNews() throws Exception {
        long start = System.nanoTime();
        endInRedisOnly();

        memory.forget(session.id().hash(), Optional.empty());

        ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertTrue(Duration.ofNanos(System.nanoTime() - start).toMillis() < 1400, "before the first look");
    }

    @Test
    @DisplayName("S4: at once also when another tab of the same provider session is named")
    void atOnceWithTheProviderSession() throws Exception {
        endInRedisOnly();

        memory.forget("another", session.identity().providerSessionHash());

        ended.get(1400, TimeUnit.MILLISECONDS);
    }

    @Test
    @DisplayName("S4: without any news within two seconds; and false news ends nothing")
    void withoutNews() throws Exception {
        memory.forget(session.id().hash(), session.identity().providerSessionHash());
        store.peek(session.id()).await().atMost(LIMIT);
        assertFalse(ended.isDone());

        endInRedisOnly();

        ended.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }
}
