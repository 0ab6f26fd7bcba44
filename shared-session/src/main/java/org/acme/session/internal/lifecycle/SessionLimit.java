package org.acme.session.internal.lifecycle;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.SessionSummary;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.store.SessionIndex;
import org.acme.session.spi.SessionEnded.Actor;
import org.jboss.logging.Logger;

/**
 * Keeps the number of sessions that one user has at the same time within the policy. The sessions used longest ago end,
 * with their sessions at the provider: refusing the new one would lock out a user who has lost a device.
 */
@Singleton
public class SessionLimit {

    private static final Logger LOG = Logger.getLogger(SessionLimit.class);

    private final SessionIndex index;
    private final SessionList sessions;
    private final UserSignOff signOff;
    private final int most;

    SessionLimit(SessionIndex index, SessionList sessions, UserSignOff signOff, SsoConfig config) {
        this.index = index;
        this.sessions = sessions;
        this.signOff = signOff;
        this.most = config.session().maxPerUser();
    }

    /** Makes room for a session that has just begun; it does not end itself. */
    public Uni<Void> keep(SessionRecord begun) {
        String user = begun.identity().userHash();
        return index.countOfUser(user)
                .chain(count -> count <= most
                        ? Uni.createFrom().voidItem()
                        : sessions.of(user).chain(all -> endOldest(all, begun)));
    }

    private Uni<Void> endOldest(List<SessionSummary> all, SessionRecord begun) {
        List<SessionSummary> tooMany = all.stream()
                .filter(session -> !session.id().equals(begun.id()))
                .sorted(Comparator.comparing(SessionSummary::seenAt).reversed())
                .skip(most - 1L)
                .toList();
        if (!tooMany.isEmpty()) {
            LOG.infof("%s has %d sessions more than allowed", begun, tooMany.size());
        }
        return signOff.signOff(tooMany, begun.identity().providerSessionHash(), Actor.SYSTEM);
    }
}
