package org.acme.projects.service;

/** The owner has as many projects as one user may have. The message is for that person. */
public final class TooManyProjectsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    TooManyProjectsException(int limit) {
        super("You have " + limit + " projects already, which is as many as one person may have.");
    }
}
