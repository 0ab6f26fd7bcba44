package org.acme.session.auth;

/** The user has to prove once more who they are. */
final class SignInTooOldException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int seconds;

    SignInTooOldException(int seconds) {
        super("The sign-in is older than " + seconds + " s");
        this.seconds = seconds;
    }

    int seconds() {
        return seconds;
    }
}
