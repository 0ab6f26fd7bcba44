package org.acme.session.internal.lifecycle;

import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.SessionRecord;

/**
 * The session lives, its access token has expired, and its provider cannot say whether there is to be another. Unlike with a
 * store that is unavailable, its user has a way on: to sign in again.
 */
public final class TokensUnavailableException extends SessionUnavailableException {

    private static final long serialVersionUID = 1L;

    private final String provider;

    TokensUnavailableException(SessionRecord session, String message) {
        super(message, null);
        this.provider = session.identity().provider();
    }

    /** Name of the session's provider. */
    public String provider() {
        return provider;
    }
}
