package org.acme.session.internal.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Optional;
import org.acme.session.internal.observability.SessionAudit.Guard;
import org.acme.session.internal.observability.SessionAudit.SignIn;
import org.acme.session.testing.AuditLines;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AuditFloodTest {

    @Test
    @DisplayName(
            "F19: what anybody can bring about is counted in full, and written a few times; one kind hides no other")
    void floodsAreCounted() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        SessionAudit audit = SessionAudit.in(meters);
        try (AuditLines lines = new AuditLines()) {
            for (int i = 0; i < 1000; i++) {
                audit.requestRefused(Guard.CALLBACK, Optional.empty());
                audit.signInEnded("keycloak", SignIn.FAILED);
            }
            audit.requestRefused(Guard.WRITE, Optional.empty());
            assertEquals(AuditLog.MOST + 1, lines.of("request-refused").size());
            assertTrue(lines.lines().get(lines.lines().size() - 1).contains("guard=write"));
            assertEquals(AuditLog.MOST, lines.of("sign-in-failed").size());
        }
        assertEquals(
                1000,
                meters.get("sso.requests.refused")
                        .tag("guard", "callback")
                        .counter()
                        .count());
    }
}
