package org.acme.projects.service;

/** A change that was understood and not made. The message is for the person who wanted it. */
public final class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Reason {
        /** There is no such project, or none that the viewer may know of. */
        NOT_FOUND,
        /** The viewer may read the project and not change it. */
        NOT_ALLOWED,
        /** Somebody else has changed it since the viewer looked. */
        CHANGED_MEANWHILE,
        /** An archived project stays as it is. */
        ARCHIVED,
        /** The owner has as many projects as one person may have. */
        TOO_MANY_PROJECTS,
        /** The project has as many members as it may have, or the person as many projects. */
        TOO_MANY_MEMBERS,
        /** The name does not tell which person is meant, or nobody has it. */
        WHO
    }

    private final Reason reason;

    public RefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
