package org.acme.session.internal.lifecycle;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionSummary;
import org.acme.session.internal.store.SessionIndex;
import org.acme.session.internal.store.SessionStore;

/** The sessions of one user that live. Those found to be over are taken out of the user's index on the way. */
@Singleton
public class SessionList {

    private final SessionIndex index;
    private final SessionStore store;

    SessionList(SessionIndex index, SessionStore store) {
        this.index = index;
        this.store = store;
    }

    /** @param user SHA-256 of issuer, NUL and subject. @return the one used last first */
    public Uni<List<SessionSummary>> of(String user) {
        return index.ofUser(user)
                .chain(ids -> Concurrently.of(ids, this::look))
                .call(looks -> index.removeOfUser(
                        user, looks.stream().filter(Look::over).map(Look::id).toList()))
                .map(looks -> looks.stream()
                        .map(Look::summary)
                        .flatMap(Optional::stream)
                        .sorted(Comparator.comparing(SessionSummary::seenAt).reversed())
                        .toList());
    }

    private record Look(SessionId id, Optional<SessionSummary> summary, boolean over) {}

    /** What is not there may be a sign-in that has written its index and not yet its record; what is marked is over. */
    private Uni<Look> look(SessionId id) {
        return store.summary(id)
                .chain(summary -> summary.isPresent()
                        ? Uni.createFrom().item(new Look(id, summary, false))
                        : store.hasEnded(id).map(ended -> new Look(id, summary, ended)));
    }
}
