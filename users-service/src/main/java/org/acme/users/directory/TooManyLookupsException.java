package org.acme.users.directory;

import java.time.Duration;

/** The caller has asked about more people than one caller may. Nothing was asked of the provider, and others ask on. */
public final class TooManyLookupsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Duration wait;

    TooManyLookupsException(Duration wait) {
        super("Too many lookups of one caller", null, false, false);
        this.wait = wait;
    }

    /** How long to wait, in whole seconds, at least one. */
    public long retryAfterSeconds() {
        return Math.max(1, wait.plusNanos(999_999_999).toSeconds());
    }
}
