package org.acme.session.internal.observability;

import static org.acme.session.internal.observability.SessionMetrics.word;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.acme.session.contract.Digests;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;

/**
 * Where the rest says what happens to sessions; it is counted, and what concerns somebody is written to the audit log: what
 * anybody can bring about a few times only, with the number of those left out. A forged cookie is counted only, and the access
 * log has its request.
 */
@Singleton
public class SessionAudit {

    /** How a sign-in ended that was let through by the callback guard. */
    public enum SignIn {
        OK,
        /** The provider said no, or its user did. */
        REFUSED,
        /** It did not come to an end here. */
        FAILED,
        PROVIDER_UNAVAILABLE,
        STORE_UNAVAILABLE
    }

    /** What became of one refresh grant. */
    public enum Refresh {
        GRANTED,
        /** {@code invalid_grant}: the session ends. */
        REFUSED,
        /** Another error of OAuth: the session goes on until its access token expires, then its user signs in again. */
        SIGN_IN_AGAIN,
        /** A time-out, a 5xx: nothing is known, the session goes on. */
        UNCLEAR,
        /** Granted, but the session had ended meanwhile. */
        TOO_LATE
    }

    /** What a sign-off came to for the one who asked. */
    public enum SignOff {
        SIGNED_OFF,
        PROVIDER_MAY_REMEMBER,
        STORE_UNAVAILABLE
    }

    /** Why a session cookie counts for nothing. */
    public enum Cookie {
        /** It has the right form, and not our signature. */
        FORGED,
        UNREADABLE
    }

    /** Who refused a request. */
    public enum Guard {
        /** A write that did not come from a page of this site. */
        WRITE,
        /** A callback that belongs to no sign-in under way in this browser. */
        CALLBACK,
        /** A body that could not be read. */
        BODY
    }

    private final SessionMetrics metrics;
    private final AuditLog audit;
    private final ActivityFeed feed;

    @Inject
    SessionAudit(SessionMetrics metrics, AuditLog audit, ActivityFeed feed) {
        this.metrics = metrics;
        this.audit = audit;
        this.feed = feed;
    }

    /** Without beans. */
    public static SessionAudit in(MeterRegistry registry) {
        return new SessionAudit(new SessionMetrics(registry), new AuditLog(), new ActivityFeed());
    }

    public void signedIn(SessionRecord session) {
        metrics.signIns(session.identity().provider(), SignIn.OK).increment();
        audit.write("signed-in", about(session));
        happened("signed-in", session.id());
    }

    /** A session that a guest began counts here from now on. */
    public void adopted(SessionRecord session) {
        audit.write("session-adopted", about(session));
    }

    /** @param provider a configured name */
    public void signInEnded(String provider, SignIn otherwise) {
        metrics.signIns(provider, otherwise).increment();
        audit.writeSome(
                "sign-in-failed",
                provider + ' ' + word(otherwise),
                Map.of("provider", provider, "reason", word(otherwise)));
    }

    /** @param provider name of its provider; empty when unknown */
    public void ended(SessionId session, Optional<String> provider, Reason reason, Actor actor) {
        metrics.ended(reason, actor).increment();
        Map<String, String> fields = new LinkedHashMap<>(
                Map.of("session", session.fingerprint(), "reason", reason.text(), "actor", actor.text()));
        provider.ifPresent(name -> fields.put("provider", name));
        audit.write("session-ended", fields);
    }

    /** A request has made this instance ask Redis for a session, which lives. Neither counted nor logged. */
    public void known(SessionId session) {
        happened("known", session);
    }

    /** A sign-off has answered. */
    public void signOffAnswered(SignOff outcome, Duration waited) {
        metrics.signOffs(outcome).record(waited);
    }

    /**
     * The same, step by step; neither counted nor logged.
     *
     * @param steps how many milliseconds after the question each was done: {@code redis}, {@code provider}, {@code lease}, {@code answered}
     */
    public void signOffWent(SessionId session, Map<String, Long> steps) {
        feed.happened("signed-off", () -> {
            Map<String, String> details = new LinkedHashMap<>();
            details.put("session", session.hash());
            details.put("reason", Reason.SIGNED_OFF.text());
            steps.forEach((step, millis) -> details.put(step, Long.toString(millis)));
            return details;
        });
    }

    private void happened(String what, SessionId session) {
        feed.happened(what, () -> Map.of("session", session.hash()));
    }

    /** What the provider said to a refresh; only a refusal concerns the session. */
    public void refreshed(SessionRecord session, Refresh result) {
        metrics.refreshes(session.identity().provider(), result).increment();
        if (result == Refresh.GRANTED) {
            happened("refreshed", session.id());
        }
        if (result == Refresh.REFUSED) {
            audit.write("refresh-refused", about(session));
        }
    }

    public void cookieRefused(Cookie fault) {
        metrics.cookies(fault).increment();
    }

    /** @param session whose cookie the request brought, signed by us; whether it lives has not been asked */
    public void requestRefused(Guard guard, Optional<SessionId> session) {
        metrics.refusals(guard).increment();
        Map<String, String> fields = new LinkedHashMap<>(Map.of("guard", word(guard)));
        session.ifPresent(id -> fields.put("session", id.fingerprint()));
        audit.writeSome("request-refused", word(guard), fields);
    }

    public void damaged(SessionId session) {
        metrics.damaged().increment();
        audit.writeSome("session-damaged", "", Map.of("session", session.fingerprint()));
    }

    public void unacknowledged(int instances) {
        metrics.unacknowledged().increment(instances);
    }

    private static Map<String, String> about(SessionRecord session) {
        return Map.of(
                "session",
                session.id().fingerprint(),
                "provider",
                session.identity().provider(),
                "user",
                user(session.identity().issuer(), session.identity().subject()));
    }

    /** The first 16 hexadecimal digits of SHA-256 of issuer, NUL and subject. */
    static String user(String issuer, String subject) {
        return Digests.sha256(issuer, subject).substring(0, 16);
    }
}
