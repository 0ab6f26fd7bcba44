package org.acme.logout;

/** What was read is not an event of ours. Its text names the reason and quotes nothing of what was read. */
final class MalformedEventException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedEventException(String reason) {
        // No stack trace: anybody may write garbage, and it should stay cheap.
        super(reason, null, false, false);
    }
}
