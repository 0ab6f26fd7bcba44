package org.acme.session.internal.http;

import io.quarkus.resteasy.reactive.server.runtime.ResteasyReactiveRecorder;
import io.quarkus.resteasy.reactive.server.runtime.observability.ObservabilityHandler;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.resteasy.reactive.server.core.Deployment;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.handlers.FormBodyHandler;
import org.jboss.resteasy.reactive.server.handlers.InputHandler;
import org.jboss.resteasy.reactive.server.handlers.PublisherResponseHandler;
import org.jboss.resteasy.reactive.server.handlers.RequestDeserializeHandler;
import org.jboss.resteasy.reactive.server.handlers.ResourceLocatorHandler;
import org.jboss.resteasy.reactive.server.handlers.SseResponseWriterHandler;
import org.jboss.resteasy.reactive.server.mapping.RuntimeResource;
import org.jboss.resteasy.reactive.server.spi.ServerRestHandler;
import org.jboss.resteasy.reactive.server.util.RuntimeResourceVisitor;

/**
 * Puts our handlers around some of Quarkus REST's, once, before the first request; so a request that has nothing to do with
 * them pays nothing. Only a Quarkus extension may add handlers of its own (docs/rationale.md).
 */
@Singleton
class HandlerChains {

    private final BodyFailures bodyFailures;
    private final KnownPaths paths;

    HandlerChains(BodyFailures bodyFailures, KnownPaths paths) {
        this.bodyFailures = bodyFailures;
        this.paths = paths;
    }

    void mend(@Observes StartupEvent starting) {
        Deployment deployment = ResteasyReactiveRecorder.getCurrentDeployment();
        if (deployment == null) {
            return; // no resource
        }
        RuntimeResourceVisitor.visitRuntimeResources("", deployment.getClassMappers(), new RuntimeResourceVisitor() {
            @Override
            public void visitRuntimeResource(String method, String path, RuntimeResource resource) {
                mend(resource.getHandlerChain());
            }
        });
    }

    /** Done a second time, it changes nothing. */
    private void mend(ServerRestHandler[] chain) {
        int lastReader = -1;
        for (int i = 0; i < chain.length; i++) {
            ServerRestHandler theirs = chain[i];
            if (theirs instanceof ObservabilityHandler named && !named.isSubResource()) {
                paths.add(named.getTemplatePath());
            } else if (theirs instanceof PublisherResponseHandler) {
                chain[i] = new StreamHandler(theirs);
            } else if (theirs instanceof SseResponseWriterHandler) {
                chain[i] = new SseSinkHandler(theirs);
            } else if (theirs instanceof ResourceLocatorHandler) {
                chain[i] = request -> mendLocated(theirs, request);
            } else if (theirs instanceof FormBodyHandler) {
                chain[i] = bodyFailures.during(new FormHandler(theirs));
                lastReader = i;
            } else if (theirs instanceof InputHandler || theirs instanceof RequestDeserializeHandler) {
                chain[i] = bodyFailures.during(theirs);
                lastReader = i;
            }
        }
        if (lastReader >= 0) {
            chain[lastReader + 1] = bodyFailures.after(chain[lastReader + 1]);
        }
    }

    /** Which sub-resource it is turns out with the request, and Quarkus keeps what it found. */
    private void mendLocated(ServerRestHandler locator, ResteasyReactiveRequestContext request) throws Exception {
        locator.handle(request);
        if (request.getTarget() != null) {
            mend(request.getTarget().getHandlerChain());
        }
    }
}
