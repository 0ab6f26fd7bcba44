package org.acme.projects.service;

/** What was typed cannot be a project's name. The message tells the person who typed it what to change. */
public final class InvalidProjectNameException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidProjectNameException(String message) {
        super(message);
    }
}
