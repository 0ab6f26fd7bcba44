package org.acme.session.internal.oidc;

import io.quarkus.oidc.OIDCException;

/** A provider gave no tokens for the code of a sign-in, and said why (RFC 6749, section 5.2). */
public final class CodeRefusedException extends OIDCException {

    private static final long serialVersionUID = 1L;

    private final String error;

    CodeRefusedException(String error) {
        super(error);
        this.error = error;
    }

    /** Its error code: lower-case letters, digits, dots, dashes and underscores. */
    public String error() {
        return error;
    }

    /**
     * Whether only this one code is not good: spent, too old, or of another sign-in. Else no code would have been. A code that
     * somebody made up may be so odd that the request with it is: Keycloak says so from 4,001 characters on.
     */
    public boolean isAboutTheCode() {
        return error.equals("invalid_grant") || error.equals("invalid_request");
    }
}
