package org.acme.session.internal.observability;

import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.quarkus.arc.DefaultBean;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Which traces are kept. A trace begins at the proxy and nowhere else: leases renewed and other work that belongs to no request
 * would be thousands of traces of one span. Of the proxy's traces a share is kept; the id decides, so all instances keep the
 * same.
 */
@Singleton
class TraceSampling {

    /** A service that brings its own bean decides otherwise. */
    @Produces
    @Singleton
    @DefaultBean
    Sampler ofTheProxysTraces(@ConfigProperty(name = "quarkus.otel.traces.sampler.arg") double share) {
        return Sampler.parentBasedBuilder(Sampler.alwaysOff())
                .setRemoteParentSampled(Sampler.traceIdRatioBased(share))
                .build();
    }
}
