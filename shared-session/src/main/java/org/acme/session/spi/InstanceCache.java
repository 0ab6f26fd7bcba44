package org.acme.session.spi;

import java.util.Optional;

/** What this instance remembers of sessions, as a transport may touch it. All methods may be called from any thread. */
public interface InstanceMemory {

    /** Name of this instance: a random UUID, new at every start, never null. */
    String instance();

    /**
     * A secret that all instances of the fleet have and nobody else: authenticates acknowledgements. Never null;
     * different while the keys that seal tokens are being rotated, which then makes sign-offs slower.
     */
    byte[] ackKey();

    /**
     * Drops what this instance remembers of a session, and of the others that the same provider session opened, loads
     * under way included. When it returns, no request that
     * arrives later is answered from that memory, so an acknowledgement may be sent. The next request asks Redis; an event
     * about a session that lives costs that one read and nothing else.
     *
     * @param session SHA-256 of the session id, hexadecimal
     * @param providerSession SHA-256 of issuer, NUL and provider {@code sid}, hexadecimal, if the event named one
     */
    void forget(String session, Optional<String> providerSession);

    /**
     * A heartbeat of this instance came back through the transport.
     *
     * @param sentAt {@link System#nanoTime()} of this process when that heartbeat was handed to the transport
     */
    void heartbeatReturned(long sentAt);
}
