package org.acme.session.life;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.Optional;
import org.acme.session.contract.SessionSummary;
import org.acme.session.spi.SessionEnded.Actor;
import org.acme.session.spi.SessionEnded.Reason;

/** Signs one user off on several devices. */
@Singleton
public class UserSignOff {

    private final SignOff signOff;

    UserSignOff(SignOff signOff) {
        this.signOff = signOff;
    }

    /**
     * Ends sessions as their own browsers would, each with its provider session, so that none comes back without its user.
     * Fails when one of them could not be ended; asking again completes what was begun.
     *
     * @param kept a provider session that goes on: what it opened ends here alone
     */
    public Uni<Void> signOff(Collection<SessionSummary> sessions, Optional<String> kept, Actor actor) {
        return Each.of(sessions, session -> {
                    boolean shares =
                            kept.isPresent() && session.providerSessionHash().equals(kept);
                    return shares
                            ? signOff.end(session.id(), Reason.SIGNED_OFF, actor)
                                    .replaceWithVoid()
                            : signOff.signOff(session.id(), actor).replaceWithVoid();
                })
                .replaceWithVoid();
    }
}
