package org.acme.session.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.Tokens;
import org.acme.session.internal.cache.NearCache;
import org.acme.session.internal.lifecycle.ScriptedTransport.Behaviour;
import org.acme.session.internal.oidc.RecordedLogoutAtProvider;
import org.acme.session.internal.oidc.ScriptedGrants;
import org.acme.session.internal.store.PausingGateway;
import org.acme.session.internal.store.SessionStore;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.testing.Pauses;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A request, held at each of its steps in turn while the user signs off, and let go on afterwards: by the real classes on a
 * real Redis, with memory under a lease. It may get its answer, for it was there first; nobody after it may.
 */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@TestProfile(ResurrectionTest.WithPauses.class)
class ResurrectionTest {

    private static final Logger LOG = Logger.getLogger(ResurrectionTest.class);
    private static final Duration LIMIT = Duration.ofSeconds(20);

    /** A lease that lasts for the whole test, and parts that can be held. */
    public static final class WithPauses implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(
                    ScriptedTransport.class,
                    PausingGateway.class,
                    ScriptedGrants.class,
                    RecordedLogoutAtProvider.class);
        }

        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("sso.cache.lease-duration", "1h", "sso.cache.ttl", "20m", "sso.store.timeout", "20s");
        }
    }

    @Inject
    SessionResolver resolver;

    @Inject
    SignOff signOff;

    @Inject
    SessionStore sessions;

    @Inject
    NearCache cache;

    @Inject
    ScriptedTransport transport;

    @Inject
    Pauses pauses;

    @Inject
    ScriptedGrants provider;

    @Inject
    RecordedLogoutAtProvider providerSessions;

    RedisServer server;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("L4, S1: a sign-off at any step of a request that refreshes its tokens is final")
    void aRequestThatRefreshes(boolean after) throws Exception {
        List<String> steps = signOffAtEachStep(after, Duration.ofSeconds(-1));
        assertTrue(String.join(",", steps).contains("GRANT"), steps.toString());
        assertTrue(steps.size() >= 7, steps.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @DisplayName("L4, S1: a sign-off at any step of a plain request is final")
    void aPlainRequest(boolean after) throws Exception {
        assertEquals(List.of((after ? "after" : "before") + " READ"), signOffAtEachStep(after, Duration.ofHours(1)));
    }

    private List<String> signOffAtEachStep(boolean after, Duration tokensLast) throws Exception {
        transport.behave(Behaviour.REACHES_ALL);
        rememberSessions();
        List<String> steps = new ArrayList<>();
        try (RedisConnection redis = new RedisConnection(server.uri())) {
            while (true) {
                SessionRecord session = session(tokensLast);
                CompletableFuture<String> reached =
                        pauses.at(steps.size(), after, session.id().value());
                CompletableFuture<SecurityIdentity> request =
                        resolver.find(session.id()).subscribeAsCompletionStage();
                CompletableFuture.anyOf(reached, request).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                if (!reached.isDone()) {
                    LOG.infof("A sign-off at each of %s", steps);
                    return steps;
                }
                steps.add(reached.join());
                signOff.signOff(session.id(), Actor.USER).await().atMost(LIMIT);
                pauses.goOn();
                request.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
                hasEndedForGood(session, redis, steps.get(steps.size() - 1));
            }
        }
    }

    private void hasEndedForGood(SessionRecord session, RedisConnection redis, String step) {
        SessionId id = session.id();
        assertNull(resolver.find(id).await().atMost(LIMIT), "accepted afterwards, by memory: " + step);
        assertEquals(Optional.empty(), sessions.peek(id).await().atMost(LIMIT), step);
        assertEquals("ended", redis.text("HGET", Keys.record(id), "state"), step);
        assertNull(redis.text("HGET", Keys.record(id), "access"), "an ended record with an access token: " + step);
        assertEquals(0, redis.number("EXISTS", Keys.express(id), Keys.refreshLock(id)), step);
        String last = provider.grantedTo(session)
                .orElseGet(() -> session.tokens().refresh().orElseThrow());
        assertTrue(providerSessions.ended.contains(last), "a refresh token that still works: " + step);
    }

    /** Until a second request for the same session asks Redis nothing. */
    private void rememberSessions() {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        cache.heartbeatReturned(System.nanoTime());
        SessionRecord session = session(Duration.ofHours(1));
        CompletableFuture<String> asked;
        do {
            assertFalse(System.nanoTime() > deadline, "no lease");
            resolver.find(session.id()).await().atMost(LIMIT);
            asked = pauses.at(0, true, session.id().value());
            CompletableFuture<SecurityIdentity> again =
                    resolver.find(session.id()).subscribeAsCompletionStage();
            CompletableFuture.anyOf(asked, again).join();
            pauses.goOn();
            again.join();
        } while (asked.isDone());
    }

    private SessionRecord session(Duration tokensLast) {
        SessionRecord fresh = TestSessions.sessionOf("alice", "user");
        Tokens tokens = new Tokens(
                fresh.tokens().access(),
                Instant.ofEpochMilli(Instant.now().plus(tokensLast).toEpochMilli()),
                fresh.tokens().refresh());
        SessionRecord session =
                SessionRecord.begin(fresh.id(), fresh.identity(), fresh.createdAt(), fresh.until(), "a test", tokens);
        assertTrue(sessions.create(session).await().atMost(LIMIT));
        return session;
    }
}
