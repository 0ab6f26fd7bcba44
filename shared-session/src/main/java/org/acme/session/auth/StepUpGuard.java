package org.acme.session.auth;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import org.acme.session.bearer.BearerTokens;
import org.acme.session.contract.SessionRecord;
import org.acme.session.life.SessionResolver;
import org.acme.session.web.StepUpRequirement;

/** Whether the sign-in of who asks will do. */
@Singleton
class StepUpGuard {

    private final CurrentIdentityAssociation identity;
    private final Clock clock;

    StepUpGuard(CurrentIdentityAssociation identity, Clock clock) {
        this.identity = identity;
        this.clock = clock;
    }

    /** @throws StepUpException if it will not */
    void require(StepUpRequirement wanted) {
        if (!isMet(wanted)) {
            throw new StepUpException(wanted);
        }
    }

    boolean isMet(StepUpRequirement wanted) {
        SecurityIdentity who = identity.getIdentity();
        SessionRecord session = who.getAttribute(SessionResolver.SESSION);
        return session == null
                ? wanted.isMetBy(
                        Optional.ofNullable(who.getAttribute(BearerTokens.AUTHENTICATED)),
                        Optional.ofNullable(who.getAttribute(BearerTokens.ACR)),
                        clock.instant())
                : wanted.isMetBy(session.authenticatedAt(), session.acr(), clock.instant());
    }
}
