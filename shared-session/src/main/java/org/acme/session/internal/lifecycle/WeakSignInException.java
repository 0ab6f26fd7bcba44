package org.acme.session.internal.lifecycle;

/** A provider was asked for a recent or stronger sign-in, and answered with less. */
public final class WeakSignInException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WeakSignInException() {
        super("The provider did not give the sign-in that it was asked for");
    }
}
