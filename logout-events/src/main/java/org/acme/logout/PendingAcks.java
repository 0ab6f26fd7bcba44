package org.acme.logout;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** The events of this instance that wait for acknowledgements; each for its timeout, and a bounded number at once. */
final class PendingAcks {

    /** A thousand sign-offs within one timeout are already an attack or a very large fleet; more wait for the leases. */
    static final int MAX_WAITING = 1024;

    private final Map<String, PendingAck> waiting = new ConcurrentHashMap<>();

    /** Empty when too many wait already; the event is still sent, only its acknowledgements are not counted. */
    Optional<PendingAck> open(Set<String> awaited) {
        if (waiting.size() >= MAX_WAITING) {
            return Optional.empty();
        }
        PendingAck pending = new PendingAck(UUID.randomUUID().toString(), awaited);
        waiting.put(pending.id(), pending);
        return Optional.of(pending);
    }

    void acknowledged(String event, String instance) {
        PendingAck pending = waiting.get(event);
        if (pending != null) {
            pending.acknowledgedBy(instance);
        }
    }

    void close(PendingAck pending) {
        waiting.remove(pending.id());
    }

    void completeAll() {
        waiting.values().forEach(PendingAck::complete);
    }

    int size() {
        return waiting.size();
    }
}
