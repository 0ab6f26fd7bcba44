package org.acme.projects.service;

import java.util.List;

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
        /** Nobody has that user name, or it is no other person's. */
        WHO
    }

    private final Reason reason;
    private final transient List<Member> suggestions;

    public RefusedException(Reason reason, String message) {
        this(reason, message, List.of());
    }

    RefusedException(Reason reason, String message, List<Member> suggestions) {
        super(message);
        this.reason = reason;
        this.suggestions = List.copyOf(suggestions);
    }

    public Reason reason() {
        return reason;
    }

    /** Who may have been meant, called by their user names; none is chosen before somebody says so. Mostly empty. */
    public List<Member> suggestions() {
        return suggestions;
    }
}
