package org.acme.session.spi;

import io.smallrye.mutiny.Uni;

/**
 * Tells every instance that a session has ended.
 *
 * <p>At most one implementation is on the class path. Without one no instance holds a lease, so every request asks
 * Redis: slower, and just as correct.
 *
 * <p>A transport also sends heartbeats through the same channel as its events and reports its own ones when they come
 * back ({@link InstanceCache#heartbeatReturned}): an instance that events cannot reach soon stops trusting its cache.
 */
public interface SignOffTransport {

    /**
     * Publishes the event and collects acknowledgements until every awaited instance has acknowledged or the timeout has
     * passed, whichever comes first.
     *
     * @param ended what has ended, in Redis, already; never null
     * @return the instances that acknowledged, possibly none. Never fails: an event that could not be sent has reached nobody,
     *     and the caller then waits for the leases of those who were not reached.
     */
    Uni<Acknowledgements> announce(SessionEnded ended);

    /** Tells whoever shows the fleet. Returns at once; what cannot be sent is lost. */
    default void publish(FleetNotice notice) {}

    /** Whether this instance hears itself through the channel. */
    default boolean joined() {
        return false;
    }

    /** What the channel is called, for people. */
    default String title() {
        return "Events";
    }
}
