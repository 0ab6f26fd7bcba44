package org.acme.session.internal.stepup;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import org.acme.session.contract.SessionRecord;
import org.acme.session.internal.bearer.BearerTokens;
import org.acme.session.internal.http.StepUpRequirement;
import org.acme.session.internal.lifecycle.SessionResolver;

/** Whether the sign-in of who asks will do. */
@Singleton
public class StepUpGuard {

    private final CurrentIdentityAssociation identity;
    private final Clock clock;

    StepUpGuard(CurrentIdentityAssociation identity, Clock clock) {
        this.identity = identity;
        this.clock = clock;
    }

    /** @throws StepUpException if it will not */
    public void require(StepUpRequirement wanted) {
        if (!isMet(wanted)) {
            throw new StepUpException(wanted);
        }
    }

    public boolean isMet(StepUpRequirement wanted) {
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
