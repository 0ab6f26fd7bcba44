package org.acme.logout;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.acme.session.spi.Acknowledgements;

/** One event that waits for acknowledgements. */
final class PendingAck {

    private final String id;
    private final Set<String> awaited;
    private final Set<String> received = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Acknowledgements> result = new CompletableFuture<>();

    PendingAck(String id, Set<String> awaited) {
        this.id = id;
        this.awaited = awaited;
        if (awaited.isEmpty()) {
            complete();
        }
    }

    String id() {
        return id;
    }

    /** Names that are not awaited are not kept: anybody who may write could invent them without end. */
    void acknowledgedBy(String instance) {
        if (awaited.contains(instance) && received.add(instance) && received.size() == awaited.size()) {
            complete();
        }
    }

    /** Completes with the acknowledgements received so far. */
    void complete() {
        result.complete(received());
    }

    Acknowledgements received() {
        return new Acknowledgements(received);
    }

    CompletionStage<Acknowledgements> result() {
        return result;
    }
}
