package org.acme.session.internal.lifecycle;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Optional;
import org.acme.session.contract.SessionSummary;
import org.acme.session.internal.store.SessionIndex;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;

/** Signs one user off on several devices. */
@Singleton
public class UserSignOff {

    private final SessionIndex index;
    private final SignOff signOff;

    UserSignOff(SessionIndex index, SignOff signOff) {
        this.index = index;
        this.signOff = signOff;
    }

    /**
     * Makes worthless what was issued to a user until now: bearer tokens, also of provider sessions that opened none of ours,
     * and a sign-in under way.
     *
     * @param user SHA-256 of issuer, NUL and subject
     */
    public Uni<Void> revoke(String user) {
        return index.markUserEnded(user);
    }

    /**
     * Ends sessions as their own browsers would, each with its provider session, so that none comes back without its user.
     * Fails when one of them could not be ended; asking again completes what was begun.
     *
     * @param kept a provider session that goes on: what it opened ends here alone
     */
    public Uni<Void> signOff(Collection<SessionSummary> sessions, Optional<String> kept, Actor actor) {
        long deadline = SignOff.deadline();
        return Concurrently.of(sessions, session -> {
                    boolean shares =
                            kept.isPresent() && session.providerSessionHash().equals(kept);
                    return shares
                            ? signOff.end(session.id(), Reason.SIGNED_OFF, actor)
                                    .replaceWithVoid()
                            : signOff.signOff(session.id(), actor, deadline).replaceWithVoid();
                })
                .replaceWithVoid();
    }
}
