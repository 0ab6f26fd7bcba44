package org.acme.session.internal.lifecycle;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.acme.session.SessionEnding;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.cache.SessionEndNotifier;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.store.SessionStore;

/**
 * Tells open streams that their session has ended, or that its user's roles have changed. It asks Redis, which is no
 * activity: at once when an event tells of the session, and now and then, for a session may idle out, reach its end, or end
 * where no event comes from. And it has the tokens refreshed, so that what is open follows the provider as pages do.
 */
@Singleton
public class SessionWatch {

    /** Streams close within two seconds of a sign-off; an answer takes some of them. */
    private static final Duration EVERY = Duration.ofMillis(1500);

    private final SessionStore store;
    private final Refresher refresher;
    private final SessionEndNotifier sessionEnds;
    private final Clock clock;
    private final Duration requestTimeout;

    SessionWatch(
            SessionStore store, Refresher refresher, SessionEndNotifier sessionEnds, Clock clock, SsoConfig config) {
        this.store = store;
        this.refresher = refresher;
        this.requestTimeout = config.refresh().requestTimeout();
        this.sessionEnds = sessionEnds;
        this.clock = clock;
    }

    /** Says why what that session opened has to be closed. */
    public Uni<SessionEnding> ended(SessionRecord session) {
        Multi<Long> ticks = Multi.createFrom()
                .ticks()
                .startingAfter(EVERY)
                .every(EVERY)
                .onOverflow()
                .drop();
        Multi<Long> events =
                sessionEnds.of(session.id().hash(), session.identity().providerSessionHash());
        return Multi.createBy()
                .merging()
                .streams(ticks, events)
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

    /**
     * A provider that is slow must not keep the event of a sign-off waiting: its tokens are refreshed beside. When they have
     * expired and a request would have given up by now, nobody can tell whose it still is.
     */
    private Optional<SessionEnding> whileItLives(SessionRecord opened, SessionRecord now) {
        refresher.refreshBeside(now);
        if (!now.identity().roles().equals(opened.identity().roles())) {
            return Optional.of(SessionEnding.ROLES_CHANGED);
        }
        return clock.instant().isBefore(now.tokens().accessExpires().plus(requestTimeout))
                ? Optional.empty()
                : Optional.of(SessionEnding.PROVIDER_UNAVAILABLE);
    }

    /** Empty while it lives and its user may do what they might. */
    private Uni<Optional<SessionEnding>> ending(SessionRecord session) {
        if (!clock.instant().isBefore(session.until())) {
            return Uni.createFrom().item(Optional.of(SessionEnding.TIME_OVER));
        }
        return store.peek(session.id())
                .chain(found -> found.isPresent()
                        ? Uni.createFrom().item(whileItLives(session, found.get()))
                        : store.endReason(session.id())
                                .map(reason -> Optional.of(
                                        reason.map(SessionEnding::of).orElse(SessionEnding.TIME_OVER))))
                .onFailure(SessionUnavailableException.class)
                .recoverWithItem(Optional.empty()); // "cannot tell" is not "not there"
    }
}
