package org.acme.projects.service;

/** The store cannot be asked right now. It says nothing about any project. */
public final class ProjectsUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ProjectsUnavailableException(Throwable cause) {
        super("The store of projects cannot be asked", cause);
    }
}
