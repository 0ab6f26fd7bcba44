package org.acme.session.internal.http;

import io.netty.util.IllegalReferenceCountException;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.logging.Filter;
import java.util.logging.Logger;
import org.jboss.resteasy.reactive.server.handlers.PublisherResponseHandler;

/**
 * Readers of streams that hang up. Quarkus and Netty log each as a failure, with a stack trace: every closed tab, and as many as somebody
 * likes who opens streams and closes them. Other failures of streams are logged as ever.
 */
@Singleton
class GoneReaders {

    /** Kept here: a logger that nobody holds forgets its filter. */
    private final List<Logger> loggers = List.of(
            Logger.getLogger(PublisherResponseHandler.class.getName()),
            // Closing a response that could not be written releases what was released (Netty's
            // PromiseNotificationUtil).
            Logger.getLogger("io.netty.channel.AbstractChannelHandlerContext"));

    void leaveOut(@Observes StartupEvent starting) {
        Filter failures = line -> !(line.getThrown() instanceof IOException
                || line.getThrown() instanceof IllegalReferenceCountException);
        loggers.forEach(logger -> logger.setFilter(failures));
    }
}
