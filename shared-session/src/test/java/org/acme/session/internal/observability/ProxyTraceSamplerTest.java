package org.acme.session.internal.observability;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProxyTraceSamplerTest {

    private static final Random RANDOM = new Random(17);
    private static final List<String> TRACES = Stream.generate(
                    () -> String.format("%016x%016x", RANDOM.nextLong(), RANDOM.nextLong()))
            .limit(2000)
            .toList();

    private static Predicate<String> keptBy(Sampler sampler, Context parent) {
        return trace -> sampler.shouldSample(parent, trace, "a", SpanKind.SERVER, Attributes.empty(), List.of())
                        .getDecision()
                == SamplingDecision.RECORD_AND_SAMPLE;
    }

    private static Context nginx(String trace) {
        return Context.root()
                .with(Span.wrap(SpanContext.createFromRemoteParent(
                        trace, "00f067aa0ba902b7", TraceFlags.getSampled(), TraceState.getDefault())));
    }

    private static List<String> kept(double share) {
        Sampler sampler = new ProxyTraceSampler(share);
        return TRACES.stream()
                .filter(trace -> keptBy(sampler, nginx(trace)).test(trace))
                .toList();
    }

    @Test
    void allInstancesKeepTheSameShareOfTheProxysTraces() {
        List<String> half = kept(0.5);
        assertTrue(half.size() > 900 && half.size() < 1100, "kept " + half.size());
        assertEquals(half, kept(0.5));
        assertTrue(half.containsAll(kept(0.1)), "who keeps fewer keeps some of the same");
        assertEquals(TRACES, kept(1));
        assertEquals(List.of(), kept(0));
    }

    @Test
    void whatNobodyAskedForIsNotKept() {
        assertFalse(TRACES.stream().anyMatch(keptBy(new ProxyTraceSampler(1), Context.root())));
    }
}
