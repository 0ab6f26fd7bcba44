package org.acme.session.life;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.SessionRecord;
import org.acme.session.store.SessionStore;

/** Tells open streams that their session has ended, by asking Redis now and then: a question is no activity. */
@Singleton
public class SessionWatch {

    /** Streams close within two seconds of a sign-off; an answer takes some of them. */
    private static final Duration EVERY = Duration.ofMillis(1500);

    private final SessionStore store;
    private final Clock clock;

    SessionWatch(SessionStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Completes when that session has ended. */
    public Uni<Void> ended(SessionRecord session) {
        return Multi.createFrom()
                .ticks()
                .startingAfter(EVERY)
                .every(EVERY)
                .onOverflow()
                .drop()
                .onItem()
                .transformToUniAndConcatenate(tick -> lives(session))
                .select()
                .where(lives -> !lives)
                .toUni()
                .replaceWithVoid();
    }

    private Uni<Boolean> lives(SessionRecord session) {
        if (!clock.instant().isBefore(session.until())) {
            return Uni.createFrom().item(false);
        }
        return store.peek(session.id())
                .map(found -> found.isPresent())
                .onFailure(SessionUnavailableException.class)
                .recoverWithItem(true); // "cannot tell" is not "not there"
    }
}
