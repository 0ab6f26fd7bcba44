package org.acme.session.internal.observability;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;

/**
 * The meters of sessions. Names and tags are described in docs/operations.md; no tag holds anything that a client chooses.
 * What can be counted in advance is registered at the start, so that a rate is zero and not absent.
 */
@Singleton
final class SessionMetrics {

    private static final Duration[] WAITS = {
        Duration.ofMillis(25), Duration.ofMillis(50), Duration.ofMillis(100), Duration.ofMillis(250),
        Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5)
    };

    private final MeterRegistry registry;
    private final Counter unacknowledged;
    private final Counter damaged;

    SessionMetrics(MeterRegistry registry) {
        this.registry = registry;
        this.unacknowledged = Counter.builder("sso.acks.missing")
                .description("Instances that did not acknowledge a sign-off in time, so that their leases were taken")
                .register(registry);
        this.damaged = Counter.builder("sso.sessions.damaged")
                .description("Records that could not be read and count as absent")
                .register(registry);
        for (SessionAudit.Cookie fault : SessionAudit.Cookie.values()) {
            cookies(fault);
        }
        for (SessionAudit.Guard guard : SessionAudit.Guard.values()) {
            refusals(guard);
        }
        for (SessionAudit.SignOff outcome : SessionAudit.SignOff.values()) {
            signOffs(outcome);
        }
        for (Reason reason : Reason.values()) {
            ended(reason, Actor.USER);
        }
    }

    /** @param provider a configured name */
    Counter signIns(String provider, SessionAudit.SignIn outcome) {
        return Counter.builder("sso.sign.ins")
                .description("Sign-ins by provider and outcome")
                .tag("provider", provider)
                .tag("outcome", word(outcome))
                .register(registry);
    }

    Counter ended(Reason reason, Actor actor) {
        return Counter.builder("sso.sessions.ended")
                .description("Sessions that ended before their time, by reason and kind of actor")
                .tag("reason", reason.text())
                .tag("actor", actor.text())
                .register(registry);
    }

    Timer signOffs(SessionAudit.SignOff outcome) {
        return Timer.builder("sso.sign.offs")
                .description("Time from the request to the answer of a sign-off: everywhere forgotten, provider told")
                .tag("outcome", word(outcome))
                .serviceLevelObjectives(WAITS)
                .register(registry);
    }

    /** @param provider a configured name, or one that was */
    Counter refreshes(String provider, SessionAudit.Refresh result) {
        return Counter.builder("sso.refreshes")
                .description("Refresh grants that were asked for, by result")
                .tag("provider", provider)
                .tag("result", word(result))
                .register(registry);
    }

    Counter cookies(SessionAudit.Cookie fault) {
        return Counter.builder("sso.cookies.refused")
                .description("Session cookies that are not signed by us")
                .tag("reason", word(fault))
                .register(registry);
    }

    Counter refusals(SessionAudit.Guard guard) {
        return Counter.builder("sso.requests.refused")
                .description("Requests that a guard refused")
                .tag("guard", word(guard))
                .register(registry);
    }

    Counter unacknowledged() {
        return unacknowledged;
    }

    Counter damaged() {
        return damaged;
    }

    /** As tags and audit lines have it. */
    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
