package org.acme.session.internal.bearer;

import io.quarkus.security.identity.CurrentIdentityAssociation;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import java.util.Set;
import org.acme.session.RequiresScope;

/** Asks for the scope that {@link RequiresScope} names, after roles have been looked at. */
@RequiresScope("")
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE + 100)
class ScopeGuard {

    private final CurrentIdentityAssociation identity;

    ScopeGuard(CurrentIdentityAssociation identity) {
        this.identity = identity;
    }

    @AroundInvoke
    Object check(InvocationContext call) throws Exception {
        Set<String> scopes = identity.getIdentity().getAttribute(BearerTokens.SCOPES);
        String needed = call.getInterceptorBinding(RequiresScope.class).value();
        if (scopes != null && !scopes.contains(needed)) {
            throw new InsufficientScopeException(needed);
        }
        return call.proceed();
    }
}
