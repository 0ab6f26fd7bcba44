package org.acme.session;

/**
 * The session ended while it was being used: a sign-off came between. Nothing was written. Requests that fail with it are
 * answered like those without a session.
 */
public final class SessionEndedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SessionEndedException(String message) {
        super(message);
    }
}
