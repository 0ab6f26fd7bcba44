package org.acme.session.life;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.acme.session.SessionEnding;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.SessionRecord;
import org.acme.session.memory.EndSignals;
import org.acme.session.store.SessionStore;

/**
 * Tells open streams that their session has ended. It asks Redis, which is no activity: at once when there is news of the
 * session, and now and then, for a session may idle out, reach its end, or end where no news comes from.
 */
@Singleton
public class SessionWatch {

    /** Streams close within two seconds of a sign-off; an answer takes some of them. */
    private static final Duration EVERY = Duration.ofMillis(1500);

    private final SessionStore store;
    private final EndSignals signals;
    private final Clock clock;

    SessionWatch(SessionStore store, EndSignals signals, Clock clock) {
        this.store = store;
        this.signals = signals;
        this.clock = clock;
    }

    /** Says why when that session has ended. */
    public Uni<SessionEnding> ended(SessionRecord session) {
        Multi<Long> ticks = Multi.createFrom()
                .ticks()
                .startingAfter(EVERY)
                .every(EVERY)
                .onOverflow()
                .drop();
        Multi<Long> news = signals.of(session.id().hash(), session.identity().providerSessionHash());
        return Multi.createBy()
                .merging()
                .streams(ticks, news)
                // The last is kept: a question under way may have been asked before the end.
                .onOverflow()
                .dropPreviousItems()
                .onItem()
                .transformToUniAndConcatenate(tick -> ending(session))
                .select()
                .where(Optional::isPresent)
                .toUni()
                .map(Optional::get);
    }

    /** Empty while it lives. */
    private Uni<Optional<SessionEnding>> ending(SessionRecord session) {
        if (!clock.instant().isBefore(session.until())) {
            return Uni.createFrom().item(Optional.of(SessionEnding.TIME_OVER));
        }
        return store.peek(session.id())
                .chain(found -> found.isPresent()
                        ? Uni.createFrom().item(Optional.<SessionEnding>empty())
                        : store.endReason(session.id())
                                .map(reason -> Optional.of(
                                        reason.map(SessionEnding::of).orElse(SessionEnding.TIME_OVER))))
                .onFailure(SessionUnavailableException.class)
                .recoverWithItem(Optional.empty()); // "cannot tell" is not "not there"
    }
}
