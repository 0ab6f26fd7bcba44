package org.acme.session.internal.backchannel;

/** A request that is no valid logout; its message says why and quotes nothing of what was sent. */
final class RefusedLogoutException extends Exception {

    private static final long serialVersionUID = 1L;

    RefusedLogoutException(String reason) {
        // No stack trace: anybody who reaches the address can cause one.
        super(reason, null, false, false);
    }
}
