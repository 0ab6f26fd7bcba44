package org.acme.session.internal.stepup;

import jakarta.annotation.Priority;
import jakarta.interceptor.Interceptor;
import org.acme.session.RequiresRecentSignIn;

/** Stands before what is marked with {@link RequiresRecentSignIn}. */
@RequiresRecentSignIn
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE + 110)
class RecentSignInInterceptor extends RequiredSignIn {

    RecentSignInInterceptor(StepUpGuard guard) {
        super(guard);
    }
}
