package org.acme.session.internal.http;

/** A body that cannot be read. It holds nothing of the body, so that no log does. */
final class UnreadableBodyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status 400, 413 or 415 */
    UnreadableBodyException(int status, String reason) {
        super(reason, null, false, false);
        this.status = status;
    }

    int status() {
        return status;
    }
}
