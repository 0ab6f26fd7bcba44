package org.acme.session;

/**
 * The session store, or the session's provider, cannot be asked right now. This says nothing about the session: it is neither
 * absent nor ended. Requests that fail with it are answered 503 with {@code Retry-After}, and no cookie is touched.
 */
public class SessionUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SessionUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
