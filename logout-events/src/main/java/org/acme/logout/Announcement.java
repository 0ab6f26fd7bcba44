package org.acme.logout;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.acme.session.spi.Reach;

/** One sign-off on its way: who has confirmed it so far. */
final class Announcement {

    private final String id;
    private final Set<String> awaited;
    private final Set<String> confirmed = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Reach> answer = new CompletableFuture<>();

    Announcement(String id, Set<String> awaited) {
        this.id = id;
        this.awaited = awaited;
        if (awaited.isEmpty()) {
            settle();
        }
    }

    String id() {
        return id;
    }

    /** Names that nobody asked for are not kept: anybody who may write could invent them without end. */
    void confirmedBy(String instance) {
        if (awaited.contains(instance) && confirmed.add(instance) && confirmed.size() == awaited.size()) {
            settle();
        }
    }

    /** Nothing more will come: answers with those who confirmed until now. */
    void settle() {
        answer.complete(reach());
    }

    Reach reach() {
        return new Reach(confirmed);
    }

    CompletionStage<Reach> answer() {
        return answer;
    }
}
