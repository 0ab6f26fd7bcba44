package org.acme.member;

/** Redis or the provider could not be asked: 503, and nothing is deleted. */
final class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
