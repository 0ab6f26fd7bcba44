package org.acme.session.internal.http;

import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.nio.file.FileSystemException;
import java.util.Optional;
import org.acme.session.internal.observability.SessionAudit;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.handlers.ExceptionHandler;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.spi.ServerRestHandler;

/**
 * What fails while a body is being read is about the body: 400, or what was said instead, with words for who asked. Quarkus
 * takes most of it for a failure of its own (500), and logs it with what was sent.
 */
@Singleton
class BodyFailures {

    private final Replies replies;
    private final SessionAudit audit;

    BodyFailures(Replies replies, SessionAudit audit) {
        this.replies = replies;
        this.audit = audit;
    }

    /** A handler that reads the body, or a part of it. */
    ServerRestHandler during(ServerRestHandler reader) {
        return request -> {
            if (failureOf(request) == null) {
                request.setAbortHandlerChain(blamingTheBody(request.getAbortHandlerChain()));
            }
            reader.handle(request);
        };
    }

    /** The first handler that does not. */
    ServerRestHandler after(ServerRestHandler next) {
        return request -> {
            OfTheBody failure = failureOf(request);
            if (failure != null) {
                request.setAbortHandlerChain(failure.usual());
            }
            next.handle(request);
        };
    }

    private static OfTheBody failureOf(ResteasyReactiveRequestContext request) {
        for (ServerRestHandler handler : request.getAbortHandlerChain()) {
            if (handler instanceof OfTheBody failure) {
                return failure;
            }
        }
        return null;
    }

    private ServerRestHandler[] blamingTheBody(ServerRestHandler[] usual) {
        ServerRestHandler[] chain = usual.clone();
        for (int i = 0; i < chain.length; i++) {
            if (chain[i] instanceof ExceptionHandler) {
                chain[i] = new OfTheBody(replies, audit, usual);
            }
        }
        return chain;
    }

    /** @param usual what happens to failures at other times */
    private record OfTheBody(Replies replies, SessionAudit audit, ServerRestHandler[] usual)
            implements ServerRestHandler {

        @Override
        public void handle(ResteasyReactiveRequestContext request) throws Exception {
            int status = status(request.getThrowable());
            if (status == 0 || hasWordsOfItsOwn(request)) {
                ExceptionHandler.INSTANCE.handle(request);
            } else {
                audit.requestRefused(SessionAudit.Guard.BODY, Optional.empty());
                HttpServerRequest asked = request.serverRequest().unwrap(HttpServerRequest.class);
                request.setResult(replies.unreadableBody(asked, status).toResponse());
            }
        }

        /** A resource that maps such a failure itself knows better what it wants to be sent. */
        private static boolean hasWordsOfItsOwn(ResteasyReactiveRequestContext request) {
            RuntimeResource resource = request.getTarget();
            return resource != null
                    && resource.getClassExceptionMappers() != null
                    && resource.getClassExceptionMappers().keySet().stream()
                            .anyMatch(mapped -> mapped.isInstance(request.getThrowable()));
        }

        /** 0 for what is not about the body, or has words of its own. */
        private static int status(Throwable failure) {
            if (failure instanceof UnreadableBodyException unreadable) {
                return unreadable.status();
            }
            if (failure instanceof WebApplicationException said) {
                Response answer = said.getResponse();
                return answer.hasEntity() || answer.getStatus() < 400 || answer.getStatus() >= 500
                        ? 0
                        : answer.getStatus();
            }
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof Error || cause instanceof FileSystemException) {
                    return 0; // our own trouble, such as a full disk
                }
            }
            return Response.Status.BAD_REQUEST.getStatusCode();
        }
    }
}
