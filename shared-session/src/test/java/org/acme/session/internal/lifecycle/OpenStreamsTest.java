package org.acme.session.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.acme.session.SessionEnding;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.Tokens;
import org.acme.session.internal.lifecycle.ScriptedProvider.Behaviour;
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

/** What is open follows the provider, though nobody asks for anything. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(value = ScriptedProvider.class, restrictToAnnotatedClass = true)
class OpenStreamsTest {

    private static final long LIMIT_SECONDS = 20;

    ScriptedProvider provider;

    @Inject
    SessionWatch watch;

    @Inject
    SessionResolver resolver;

    @Inject
    SessionStore store;

    @BeforeEach
    void begin() {
        provider.behaves(ScriptedProvider::grant);
    }

    /** Due, and still good for so long. */
    private static SessionRecord session(Duration left) {
        SessionRecord plain = TestSessions.sessionOf("alice", "user");
        SessionRecord session = plain.refreshed(
                new Tokens(
                        "old-access", Instant.now().plus(left), plain.tokens().refresh()),
                plain.identity());
        TestSessions.cookieOf(session);
        return session;
    }

    private CompletableFuture<SessionEnding> open(SessionRecord session) {
        return watch.ended(session).subscribeAsCompletionStage();
    }

    private static SessionEnding ended(CompletableFuture<SessionEnding> stream) throws Exception {
        return stream.get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private static Behaviour grants(String... roles) {
        return (exchange, token) -> ScriptedProvider.send(
                exchange,
                200,
                ScriptedProvider.tokens()
                        .put(
                                "access_token",
                                ScriptedProvider.unsigned(new JsonObject()
                                        .put("realm_access", new JsonObject().put("roles", List.of(roles)))))
                        .encode());
    }

    @Test
    @DisplayName("F2 L14: a user who is refused at the provider reads on until the next refresh, and no longer")
    void endedByTheProvider() throws Exception {
        provider.behaves((exchange, token) -> ScriptedProvider.refuse(exchange));
        assertEquals(SessionEnding.ENDED_BY_PROVIDER, ended(open(session(Duration.ofSeconds(10)))));
    }

    @Test
    @DisplayName("F2 L14: a role that is taken or given closes what is open, and the session lives on")
    void rolesFollow() throws Exception {
        for (Behaviour other : List.of(grants(), grants("user", "admin"))) {
            provider.behaves(other);
            SessionRecord session = session(Duration.ofSeconds(10));
            SessionEnding why = ended(open(session));
            assertEquals(SessionEnding.ROLES_CHANGED, why);
            assertFalse(why.isOver());
            assertTrue(store.peek(session.id()).await().indefinitely().isPresent());
        }
    }

    @Test
    @DisplayName("F2 R1 L2: many streams cause one grant, which is no activity, and stay open")
    void manyStreamsOneGrant() {
        provider.behaves(grants("user"));
        SessionRecord session = session(Duration.ofSeconds(10));
        try (RedisConnection redis =
                new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class))) {
            redis.send("PEXPIRE", Keys.express(session.id()), "60000");
            List<CompletableFuture<SessionEnding>> streams =
                    Stream.generate(() -> open(session)).limit(50).toList();
            Instant deadline = Instant.now().plusSeconds(LIMIT_SECONDS);
            while (store.peek(session.id()).await().indefinitely().orElseThrow().tokensRev() == 1) {
                assertTrue(Instant.now().isBefore(deadline), "nobody has refreshed");
                Thread.onSpinWait();
            }
            // Every stream looks once more, as Redis measures it.
            redis.send("BLPOP", "nothing-here", "3.5");
            assertEquals(List.of(session.tokens().refresh().orElseThrow()), provider.used());
            assertTrue(redis.number("PTTL", Keys.express(session.id())) < 60_000, "no activity");
            assertTrue(streams.stream().noneMatch(CompletableFuture::isDone));
            streams.forEach(stream -> stream.cancel(false));
        }
    }

    @Test
    @DisplayName("F2 S4: a provider that hangs keeps no sign-off from closing what is open")
    void signOffIsNotKeptWaiting() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        provider.behaves(ScriptedProvider.slow(never));
        SessionRecord session = session(Duration.ofSeconds(-1));
        CompletableFuture<SessionEnding> stream = open(session);
        Instant deadline = Instant.now().plusSeconds(LIMIT_SECONDS);
        while (provider.used().isEmpty()) {
            assertTrue(Instant.now().isBefore(deadline), "the provider is not asked");
            Thread.onSpinWait();
        }
        store.end(session.id(), Reason.SIGNED_OFF, Actor.USER).await().indefinitely();
        assertEquals(SessionEnding.SIGNED_OFF, stream.get(3, TimeUnit.SECONDS));
        never.countDown();
    }

    @Test
    @DisplayName(
            "F2: a provider that is unavailable for longer than the token lives: what is open closes, the session waits")
    void nobodyCanTell() throws Exception {
        provider.fails((exchange, token) -> exchange.close());
        SessionRecord session = session(Duration.ofSeconds(2));
        CompletableFuture<SessionEnding> stream = open(session);
        assertEquals(SessionEnding.PROVIDER_UNAVAILABLE, ended(stream));
        assertTrue(Instant.now().isAfter(session.tokens().accessExpires()));
        assertTrue(store.peek(session.id()).await().indefinitely().isPresent());
        assertTrue(
                provider.used().size() < 10,
                "asked now and then: " + provider.used().size());
    }

    @Test
    @DisplayName("F5: what is cached of a session is good for no longer than its access token")
    void rememberedNoLongerThanItsToken() {
        for (Duration left : List.of(Duration.ofMillis(500), Duration.ofSeconds(10), Duration.ofMinutes(5))) {
            SessionRecord session = session(left);
            Instant good = resolver.alive(session).goodUntil();
            assertFalse(good.isAfter(session.tokens().accessExpires()), left.toString());
        }
        assertEquals(Optional.empty(), provider.used().stream().findAny());
    }
}
