package org.acme.logout;

import java.util.Optional;

/** One event on the topic. */
sealed interface SessionNews {

    /** The instance that says so. */
    String instance();

    /**
     * A session has ended: forget it, then say so.
     *
     * @param id names this event in the confirmations; nobody can guess it
     * @param session SHA-256 of the session id
     * @param providerSession SHA-256 of issuer, NUL and the provider's {@code sid}
     * @param traceparent the span in which it was announced (W3C Trace Context); for {@link NewsTraces} only
     */
    record Ended(
            String id,
            String instance,
            String session,
            Optional<String> providerSession,
            String reason,
            String actor,
            Optional<String> traceparent)
            implements SessionNews {}

    /**
     * This instance no longer remembers the session of an event.
     *
     * @param event id of the {@link Ended} that is confirmed
     * @param mac shows that an instance of this fleet says so ({@link Authenticity})
     */
    record Forgotten(String instance, String event, String mac) implements SessionNews {}

    /** This instance speaks; hearing it back tells it that news would reach it. It carries no time: clocks differ. */
    record Heartbeat(String instance, long sequence) implements SessionNews {}
}
