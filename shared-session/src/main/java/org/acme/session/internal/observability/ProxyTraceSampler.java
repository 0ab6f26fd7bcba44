package org.acme.session.internal.observability;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingResult;
import io.quarkus.arc.DefaultBean;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Which traces are kept. A trace begins at the proxy and nowhere else: leases renewed and other work that belongs to no request
 * would be thousands of traces of one span. Of the proxy's traces a share is kept; the id decides, so all instances keep the
 * same. A service that brings its own {@link Sampler} decides otherwise.
 */
@Singleton
@DefaultBean
final class ProxyTraceSampler implements Sampler {

    private final Sampler sampler;

    /** @param share 0 to 1 */
    ProxyTraceSampler(@ConfigProperty(name = "quarkus.otel.traces.sampler.arg") double share) {
        this.sampler = Sampler.parentBasedBuilder(Sampler.alwaysOff())
                .setRemoteParentSampled(Sampler.traceIdRatioBased(share))
                .build();
    }

    @Override
    public SamplingResult shouldSample(
            Context parent, String trace, String name, SpanKind kind, Attributes attributes, List<LinkData> links) {
        return sampler.shouldSample(parent, trace, name, kind, attributes, links);
    }

    @Override
    public String getDescription() {
        return sampler.getDescription();
    }
}
