package org.acme.session.internal.lifecycle;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.List;
import org.acme.session.contract.Digests;
import org.acme.session.contract.SessionId;
import org.acme.session.internal.store.SessionIndex;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;

/** Ends what a provider says is over. Done when no instance accepts it any more; what is unknown is over already. */
@Singleton
public class ProviderInitiatedLogout {

    private final SessionIndex index;
    private final SignOff signOff;

    ProviderInitiatedLogout(SessionIndex index, SignOff signOff) {
        this.index = index;
        this.signOff = signOff;
    }

    /**
     * Every session that this provider session opened. The mark comes first: a sign-in under way that is not in the index
     * yet looks for it. An entry leaves the index only when its session is forgotten everywhere, so an empty index means
     * that there is nothing left to do.
     */
    public Uni<Void> ofSession(String issuer, String sid) {
        String hash = Digests.sha256(issuer, sid);
        return index.markEnded(hash).chain(() -> index.ofProviderSession(hash)).chain(sessions -> end(sessions)
                .chain(() -> index.remove(hash, sessions)));
    }

    /** Every session of that user of that issuer, and bearer tokens of their provider sessions. */
    public Uni<Void> ofUser(String issuer, String subject) {
        return index.markUserEnded(issuer, subject)
                .chain(() -> index.ofUser(issuer, subject))
                .chain(this::end);
    }

    private Uni<Void> end(List<SessionId> sessions) {
        return Concurrently.of(sessions, this::end).replaceWithVoid();
    }

    private Uni<Void> end(SessionId id) {
        return signOff.end(id, Reason.PROVIDER_LOGOUT, Actor.PROVIDER).chain(ended -> ended.providerSessionHash()
                .map(index::markEnded)
                .orElseGet(() -> Uni.createFrom().voidItem()));
    }
}
