package org.acme.session.internal.config;

import static org.acme.session.notes.Browser.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.time.Clock;
import java.util.Set;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A service with a clock and a manner of JSON of its own ({@link OwnBeans}). */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class OwnBeansTest {

    @Inject
    Clock clock;

    @Test
    @DisplayName("F47: a service with its own Clock builds, and has that one")
    void theServicesClockIsTheClock() {
        assertSame(OwnBeans.CLOCK, clock);
    }

    @Test
    @DisplayName("F47: what pages read of their session is spelt as ever, however the service spells its JSON")
    void theSessionsDocumentIsSpeltAsEver() {
        JsonObject state = new JsonObject(
                get("auth/session", TestSessions.cookieOf("alice", "user")).body());
        assertEquals(Set.of("signedIn", "user", "secondsLeft", "canStay", "replaced"), state.fieldNames());
    }
}
