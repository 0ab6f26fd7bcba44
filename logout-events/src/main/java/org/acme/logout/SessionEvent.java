package org.acme.logout;

import java.util.Optional;
import org.acme.session.spi.FleetNotice;

/** One event on the topic. */
sealed interface SessionEvent {

    /** The instance that says so. */
    String instance();

    /**
     * A session has ended: forget it, then say so.
     *
     * @param id names this event in the acknowledgements; nobody can guess it
     * @param session SHA-256 of the session id
     * @param providerSession SHA-256 of issuer, NUL and the provider's {@code sid}
     * @param traceparent the span in which it was announced (W3C Trace Context); for {@link EventTracing} only
     */
    record Ended(
            String id,
            String instance,
            String session,
            Optional<String> providerSession,
            String reason,
            String actor,
            Optional<String> traceparent)
            implements SessionEvent {}

    /**
     * This instance no longer caches the session of an event.
     *
     * @param event id of the {@link Ended} that is acknowledged
     * @param mac shows that an instance of this fleet says so ({@link AckMac})
     */
    record Forgotten(String instance, String event, String mac) implements SessionEvent {}

    /** This instance speaks; hearing it back tells it that events reach it. It carries no time: clocks differ. */
    record Heartbeat(String instance, long sequence) implements SessionEvent {}

    /** What this instance tells those who show the fleet to people ({@link FleetNotice}). */
    record Notice(FleetNotice told) implements SessionEvent {

        @Override
        public String instance() {
            return told.instance();
        }
    }
}
