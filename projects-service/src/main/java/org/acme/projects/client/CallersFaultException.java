package org.acme.projects.client;

/** A question was not answered, and who asked is why: others may ask on. It counts as no failure of the users service. */
class CallersFaultException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CallersFaultException(String message, Throwable cause) {
        super(message, cause);
    }
}
