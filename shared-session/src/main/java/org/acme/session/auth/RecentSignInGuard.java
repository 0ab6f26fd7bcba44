package org.acme.session.auth;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.acme.session.RequiresRecentSignIn;
import org.acme.session.bearer.BearerTokens;
import org.acme.session.contract.SessionRecord;
import org.acme.session.life.SessionFinder;

/** Asks for a sign-in as recent as {@link RequiresRecentSignIn} says, after roles have been looked at. */
@RequiresRecentSignIn
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE + 110)
class RecentSignInGuard {

    private final CurrentIdentityAssociation identity;
    private final Clock clock;

    RecentSignInGuard(CurrentIdentityAssociation identity, Clock clock) {
        this.identity = identity;
        this.clock = clock;
    }

    @AroundInvoke
    Object check(InvocationContext call) throws Exception {
        int seconds = call.getInterceptorBinding(RequiresRecentSignIn.class).seconds();
        SecurityIdentity who = identity.getIdentity();
        Instant oldest = clock.instant().minusSeconds(seconds);
        if (authenticatedAt(who).filter(oldest::isBefore).isEmpty()) {
            throw new SignInTooOldException(seconds);
        }
        return call.proceed();
    }

    private static Optional<Instant> authenticatedAt(SecurityIdentity who) {
        SessionRecord session = who.getAttribute(SessionFinder.SESSION);
        return session == null
                ? Optional.ofNullable(who.getAttribute(BearerTokens.AUTHENTICATED))
                : Optional.of(session.authenticatedAt());
    }
}
