package org.acme.session.spi;

/**
 * Is told what a transport hears, to show the fleet to people. Called on the thread that listens: each method returns at once and
 * never throws.
 */
public interface FleetObserver {

    /** Nobody watches. */
    FleetObserver NONE = new FleetObserver() {
        @Override
        public void heard(FleetNotice notice) {}

        @Override
        public void alive(String instance) {}

        @Override
        public void ended(String event, String instance, String session, String reason) {}

        @Override
        public void forgotten(String event, String instance) {}
    };

    void heard(FleetNotice notice);

    /** An instance is connected. */
    void alive(String instance);

    /**
     * An instance has announced the end of a session.
     *
     * @param event the announcement's id
     * @param session SHA-256 of the session id
     */
    void ended(String event, String instance, String session, String reason);

    /** An instance has acknowledged that announcement, provably. */
    void forgotten(String event, String instance);
}
