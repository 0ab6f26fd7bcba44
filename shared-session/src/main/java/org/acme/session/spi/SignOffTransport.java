package org.acme.session.spi;

import io.smallrye.mutiny.Uni;

/**
 * Carries the news that a session has ended to every instance.
 *
 * <p>At most one implementation is on the class path. Without one no instance holds a lease, so every request asks
 * Redis: slower, and just as correct.
 *
 * <p>A transport also sends heartbeats through the same channel as its news and reports its own ones when they come
 * back ({@link InstanceMemory#heartbeatReturned}): an instance that the news cannot reach soon stops trusting its memory.
 */
public interface SignOffTransport {

    /**
     * Publishes the news and collects confirmations until every instance of the audience has answered or the
     * audience's patience is over, whichever comes first.
     *
     * @param ended what has ended, in Redis, already; never null
     * @return the instances that confirmed, possibly none. Never fails: news that could not be sent has reached nobody,
     *     and the caller then waits for the leases of those who were not reached.
     */
    Uni<Reach> announce(SessionEnded ended);
}
