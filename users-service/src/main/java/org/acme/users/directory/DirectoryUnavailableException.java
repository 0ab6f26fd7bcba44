package org.acme.users.directory;

/**
 * The provider cannot be asked about people, or its answer cannot be read: it is unavailable or slow, refuses our token, gives us no
 * token, or says something else than users.
 */
public final class DirectoryUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DirectoryUnavailableException(Throwable cause) {
        super(cause);
    }
}
