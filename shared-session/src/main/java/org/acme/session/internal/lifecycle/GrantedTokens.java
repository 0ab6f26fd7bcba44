package org.acme.session.internal.lifecycle;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.Identity;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.observability.SessionAudit;
import org.acme.session.internal.observability.SessionAudit.Refresh;
import org.acme.session.internal.oidc.LogoutAtProvider;
import org.acme.session.internal.store.SessionIndex;
import org.acme.session.internal.store.SessionStore;
import org.acme.session.internal.store.SessionStore.TokenWrite;
import org.jboss.logging.Logger;

/**
 * Writes what a refresh has brought: the tokens and what they say into the record, and the rest of it to where it is kept
 * besides, the list of users and guests' JSON.
 */
@Singleton
class GrantedTokens {

    private static final Logger LOG = Logger.getLogger(GrantedTokens.class);

    /** The provider takes the old tokens no more, so without the new ones the session would end. */
    private static final Duration TRIED_FOR = Duration.ofSeconds(10);

    /** Whoever waits for the lock looks as often. */
    private static final Duration TRIED_EVERY = Duration.ofMillis(40);

    private final SessionStore store;
    private final SessionIndex index;
    private final LogoutAtProvider providerSessions;
    private final SessionAudit audit;

    GrantedTokens(SessionStore store, SessionIndex index, LogoutAtProvider providerSessions, SessionAudit audit) {
        this.store = store;
        this.index = index;
        this.providerSessions = providerSessions;
        this.audit = audit;
    }

    /**
     * @param session as it was when its refresh token was used
     * @param refreshed the same with what that brought
     * @return as it is now; empty when it has ended meanwhile
     */
    Uni<Optional<SessionRecord>> write(SessionRecord session, SessionRecord refreshed) {
        return written(refreshed)
                .invoke(write -> audit.refreshed(session, isTooLate(write) ? Refresh.TOO_LATE : Refresh.GRANTED))
                .chain(write -> switch (write) {
                    case WRITTEN -> follow(session.identity(), refreshed).chain(() -> store.peek(session.id()));
                    case OTHER_TOKENS_THERE -> store.peek(session.id());
                    // Whoever signed off has tried to end the provider's session with a token that was spent by then.
                    case SIGNED_OFF ->
                        providerSessions
                                .end(
                                        Optional.of(session.identity().provider()),
                                        refreshed.tokens().refresh())
                                .replaceWith(Optional.<SessionRecord>empty());
                    // A sign-in that replaced it, say, has the same provider session, which is not to end.
                    case SESSION_ENDED -> Uni.createFrom().item(Optional.<SessionRecord>empty());
                });
    }

    /** May be done twice, for it asks for the revision that it replaces. */
    private Uni<TokenWrite> written(SessionRecord refreshed) {
        return store.writeTokens(refreshed)
                .onFailure(SessionUnavailableException.class)
                .retry()
                .withBackOff(TRIED_EVERY, TRIED_EVERY)
                .expireIn(TRIED_FOR.toMillis())
                // Mutiny's way to say that it has been tried for long enough.
                .onFailure(IllegalStateException.class)
                .transform(Throwable::getCause);
    }

    private static boolean isTooLate(TokenWrite write) {
        return write == TokenWrite.SIGNED_OFF || write == TokenWrite.SESSION_ENDED;
    }

    /** Never fails: the record is what counts, and the next change brings the rest along. */
    private Uni<Void> follow(Identity before, SessionRecord refreshed) {
        Identity now = refreshed.identity();
        boolean renamed = !before.name().equals(now.name());
        if (!renamed && before.roles().equals(now.roles())) {
            return Uni.createFrom().voidItem();
        }
        return (renamed ? index.renamed(before, refreshed) : Uni.createFrom().voidItem())
                .chain(() -> store.tellGuests(refreshed))
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.debugf("What has changed of the user of %s is told with the next change", refreshed);
                    return null;
                });
    }
}
