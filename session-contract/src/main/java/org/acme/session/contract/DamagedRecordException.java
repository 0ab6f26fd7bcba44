package org.acme.session.contract;

/**
 * A key of the session holds something that this version cannot read. The session counts as absent, its user signs in
 * anew, and nobody else suffers. The message names the field, never its content.
 */
public final class DamagedRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public DamagedRecordException(String message) {
        super(message);
    }
}
