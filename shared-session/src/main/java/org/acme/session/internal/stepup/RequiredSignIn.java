package org.acme.session.internal.stepup;

import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.InvocationContext;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.acme.session.RequiresRecentSignIn;
import org.acme.session.RequiresSignInLevel;
import org.acme.session.internal.http.StepUpRequirement;

/**
 * Asks for the sign-in that a resource's annotations want, after roles have been looked at. Each of the two interceptors
 * asks for what both say, so that the provider is asked once.
 */
abstract class RequiredSignIn {

    private final StepUpGuard guard;

    RequiredSignIn(StepUpGuard guard) {
        this.guard = guard;
    }

    @AroundInvoke
    Object check(InvocationContext call) throws Exception {
        guard.require(new StepUpRequirement(
                Optional.ofNullable(call.getInterceptorBinding(RequiresRecentSignIn.class))
                        .map(recent -> Duration.ofSeconds(recent.seconds())),
                Optional.ofNullable(call.getInterceptorBinding(RequiresSignInLevel.class))
                        .map(level -> List.of(level.value()))
                        .orElse(List.of())));
        return call.proceed();
    }
}
