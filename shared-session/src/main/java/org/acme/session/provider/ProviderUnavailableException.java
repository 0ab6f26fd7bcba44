package org.acme.session.provider;

import io.quarkus.oidc.OIDCException;

/**
 * A provider cannot be asked, or its answer is none: nothing is known about whom or what it was asked about. As quarkus-oidc's own
 * exception it makes that ask again with the next request, and lets a service start.
 */
public final class ProviderUnavailableException extends OIDCException {

    private static final long serialVersionUID = 1L;

    /** @param what in a few words, which quote nothing of the answer */
    ProviderUnavailableException(String what) {
        super(what);
    }
}
