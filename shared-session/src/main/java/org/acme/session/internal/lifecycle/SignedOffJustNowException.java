package org.acme.session.internal.lifecycle;

/**
 * A user was signed out as a whole in the second in which this sign-in got its tokens. Providers write times in whole seconds, so
 * the tokens do not say which came first; those of a sign-in a moment later do.
 */
public final class SignedOffJustNowException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SignedOffJustNowException() {
        super("The user was signed out as a whole within the same second");
    }
}
