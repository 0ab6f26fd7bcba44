package org.acme.session.internal.oidc;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.quarkus.oidc.OIDCException;
import io.vertx.core.VertxException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeoutException;

/**
 * A provider cannot be asked, or its answer is none: nothing is known about whom or what it was asked about. As quarkus-oidc's own
 * exception it makes that ask again with the next request, and lets a service start.
 */
public final class ProviderUnavailableException extends OIDCException {

    private static final long serialVersionUID = 1L;

    /** @param what in a few words, which quote nothing of the answer */
    ProviderUnavailableException(String what) {
        super(what);
    }

    private ProviderUnavailableException(ProviderUnavailableException cause) {
        super(cause);
    }

    /** The same for a place where quarkus-oidc goes on with the cause of what failed. */
    static ProviderUnavailableException toBeUnwrapped(String what) {
        return new ProviderUnavailableException(new ProviderUnavailableException(what));
    }

    /**
     * Whether something failed for that reason: this exception, or a connection that was refused, broke, took too long or led
     * nowhere, anywhere among its causes.
     */
    public static boolean isBehind(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProviderUnavailableException
                    || cause instanceof IOException && !(cause instanceof JsonProcessingException)
                    || cause instanceof UncheckedIOException
                    || cause instanceof TimeoutException
                    || cause instanceof io.smallrye.mutiny.TimeoutException
                    || cause instanceof VertxException) {
                return true;
            }
        }
        return false;
    }
}
