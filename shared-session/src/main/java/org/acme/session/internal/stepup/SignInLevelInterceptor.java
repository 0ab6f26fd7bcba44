package org.acme.session.internal.stepup;

import jakarta.annotation.Priority;
import jakarta.interceptor.Interceptor;
import org.acme.session.RequiresSignInLevel;

/** Stands before what is marked with {@link RequiresSignInLevel}. */
@RequiresSignInLevel({})
@Interceptor
@Priority(Interceptor.Priority.LIBRARY_BEFORE + 110)
class SignInLevelInterceptor extends RequiredSignIn {

    SignInLevelInterceptor(StepUpGuard guard) {
        super(guard);
    }
}
