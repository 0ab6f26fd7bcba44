package org.acme.session.internal.lifecycle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.acme.session.contract.CookieHeader;
import org.acme.session.contract.CookieSigner;
import org.acme.session.contract.SessionId;
import org.acme.session.internal.lifecycle.ScriptedTransport.Behaviour;
import org.acme.session.internal.store.LeaseRepository;
import org.acme.session.internal.store.SessionStore;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A sign-off's wait, on a real Redis, with another instance that holds a lease and may or may not hear the event. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@TestProfile(FleetInvalidationTest.WithScriptedTransport.class)
class FleetInvalidationTest {

    /** With the transport that these tests script. */
    public static final class WithScriptedTransport implements QuarkusTestProfile {
        @Override
        public Set<Class<?>> getEnabledAlternatives() {
            return Set.of(ScriptedTransport.class);
        }
    }

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @Inject
    SignOff signOff;

    @Inject
    LeaseRepository leases;

    @Inject
    SessionStore sessions;

    @Inject
    CookieSigner signer;

    @Inject
    ScriptedTransport transport;

    private final String other = UUID.randomUUID().toString();

    @ParameterizedTest
    @EnumSource(names = "REACHES_ALL", mode = EnumSource.Mode.EXCLUDE)
    @DisplayName(
            "S1 whatever the transport does wrong, a sign-off answers, and not before the silent instance's lease is over")
    void aSilentInstanceIsWaitedFor(Behaviour behaviour) {
        transport.behave(behaviour);
        SessionId id = session();
        assertTrue(leases.renew(other, Duration.ofSeconds(1), false).await().atMost(LIMIT));

        signOff.signOff(id, Actor.USER).await().atMost(LIMIT);

        assertFalse(leases.holders().await().atMost(LIMIT).contains(other));
        assertFalse(
                leases.renew(other, Duration.ofSeconds(1), true).await().atMost(LIMIT),
                "it has to notice that its lease was taken");
        assertEquals(Optional.empty(), sessions.peek(id).await().atMost(LIMIT));
    }

    @Test
    @DisplayName("S1 who confirms keeps its lease, and is not waited for")
    void whoConfirmsKeepsItsLease() {
        transport.behave(Behaviour.REACHES_ALL);
        SessionId id = session();
        assertTrue(leases.renew(other, Duration.ofMinutes(1), false).await().atMost(LIMIT));

        signOff.signOff(id, Actor.USER).await().atMost(LIMIT);

        assertTrue(leases.renew(other, Duration.ofSeconds(1), true).await().atMost(LIMIT));
    }

    @Test
    @DisplayName(
            "S1 a session that Redis does not know is forgotten too: a clock that is behind may cache it past its end")
    void anUnknownSessionIsForgotten() {
        transport.behave(Behaviour.REACHES_NOBODY);
        assertTrue(leases.renew(other, Duration.ofSeconds(1), false).await().atMost(LIMIT));

        signOff.signOff(SessionId.random(), Actor.USER).await().atMost(LIMIT);

        assertFalse(leases.holders().await().atMost(LIMIT).contains(other));
    }

    private SessionId session() {
        String header = TestSessions.cookieOf("alice-" + other, "user");
        return CookieHeader.first(java.util.List.of(header), "sso")
                .flatMap(signer::verify)
                .orElseThrow();
    }
}
