package org.acme.logout;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * The heartbeats of this instance that are under way, with the local time each was sent at. The wire carries only a number,
 * so a forged event can at most name a heartbeat that was really sent. Used by one thread.
 */
final class Heartbeats {

    /** Older ones prove nothing any more: a lease is about a second long. */
    static final int MAX_OUTSTANDING = 16;

    private final Map<Long, Long> outstanding = new LinkedHashMap<>();
    private long sequence;

    long sentAt(long nanoTime) {
        outstanding.put(++sequence, nanoTime);
        if (outstanding.size() > MAX_OUTSTANDING) {
            Iterator<Long> oldest = outstanding.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        return sequence;
    }

    /** When that heartbeat was sent, once; empty if it is unknown, forged, back already or too old. */
    OptionalLong returned(long number) {
        Long sentAt = outstanding.remove(number);
        if (sentAt == null) {
            return OptionalLong.empty();
        }
        outstanding.keySet().removeIf(older -> older < number);
        return OptionalLong.of(sentAt);
    }
}
