package org.acme.session;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;

/**
 * The session that the request being served came with. Inject it wherever a request is active.
 *
 * <p>A request without a session has one too, with {@link #isPresent()} false: every other method then throws
 * {@link IllegalStateException}. A bearer token is no session.
 */
public interface CurrentSession {

    /** Whether the request came with a living session. */
    boolean isPresent();

    /** Who is signed in; never null. */
    SignedInUser user();

    /** When the user signed in. */
    Instant startedAt();

    /** When the session ends whatever the user does. */
    Instant endsAt();

    /** How long a session lasts that nobody uses. */
    Duration idleLimit();

    /**
     * How long this session would last if nobody used it from now on; zero when it has ended. Asking is no activity. Fails
     * with {@link SessionUnavailableException} when Redis cannot be asked.
     */
    Uni<Duration> timeLeft();

    /** A short name of this session for people and logs; it opens nothing. Never null. */
    String fingerprint();

    /** Whether the session came from this instance's cache: no question to Redis was asked for this request alone. */
    boolean isFromCache();

    /** This service's own attributes in the session. */
    SessionAttributes attributes();

    /**
     * Says why when this session has ended, however that came about, within about two seconds; it never fails. It also says so
     * when the session lives on and what it opened must not: its user's roles have changed, or its provider has not been there
     * to refresh its tokens ({@link SessionEnding#isOver()} tells them apart). For open streams: waiting is no activity, and may
     * go on when the request has been answered. Close the stream then, and cancel this when the stream closes. {@link
     * SessionSockets} does that for a WebSocket.
     */
    Uni<SessionEnding> ended();

    /**
     * Signs the user off: ends the session in Redis, makes every instance forget it, ends the provider's session and
     * clears the cookie in the answer to this request.
     *
     * @return what became of the provider's session. Fails with {@link SessionUnavailableException} when Redis cannot
     *     be asked; the session then lives on.
     */
    Uni<SignOffOutcome> end();
}
