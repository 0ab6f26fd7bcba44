package org.acme.logout;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The announcements of this instance that wait for confirmations; each for its patience, at most so many at once. */
final class Announcements {

    /** A thousand sign-offs within one patience are already an attack or a very large fleet; more wait for the leases. */
    static final int MAX_WAITING = 1024;

    private final Map<String, Announcement> waiting = new ConcurrentHashMap<>();

    /** Empty when too many wait already; the news still travels, only nobody counts its confirmations. */
    Optional<Announcement> open(Set<String> audience) {
        if (waiting.size() >= MAX_WAITING) {
            return Optional.empty();
        }
        Announcement announcement = new Announcement(UUID.randomUUID().toString(), audience);
        waiting.put(announcement.id(), announcement);
        return Optional.of(announcement);
    }

    void confirmed(String event, String instance) {
        Announcement announcement = waiting.get(event);
        if (announcement != null) {
            announcement.confirmedBy(instance);
        }
    }

    void close(Announcement announcement) {
        waiting.remove(announcement.id());
    }

    void settleAll() {
        waiting.values().forEach(Announcement::settle);
    }

    int size() {
        return waiting.size();
    }
}
