package org.acme.session.spi;

import java.util.Optional;

/** This instance's cache of sessions, as a transport may touch it. All methods may be called from any thread. */
public interface InstanceCache {

    /** Name of this instance: a random UUID, new at every start, never null. */
    String instance();

    /**
     * A secret that all instances of the fleet have and nobody else: authenticates acknowledgements. Never null;
     * different while the keys that seal tokens are being rotated, which then makes sign-offs slower.
     */
    byte[] ackKey();

    /**
     * Removes a session from the cache, and the others that the same provider session opened, loads under way included.
     * When it returns, no later request is answered from what was cached, so an acknowledgement may be sent. The next
     * request asks Redis; an event about a session that lives costs that one read and nothing else.
     *
     * @param session SHA-256 of the session id, hexadecimal
     * @param providerSession SHA-256 of issuer, NUL and provider {@code sid}, hexadecimal, if the event named one
     */
    void invalidate(String session, Optional<String> providerSession);

    /**
     * Whether the cache is used. If not, the instance needs no lease, and no heartbeats, whose only purpose that is. It may be
     * used again at any moment.
     */
    boolean isInUse();

    /**
     * A heartbeat of this instance came back through the transport.
     *
     * @param sentAt {@link System#nanoTime()} of this process when that heartbeat was handed to the transport
     */
    void heartbeatReturned(long sentAt);
}
