package org.acme.logout;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.acme.logout.SessionEvent.Ended;

/**
 * Takes a sign-off's trace to every instance: its event names the span in which it was sent, and whoever follows the event does
 * so in a span below that one. While traces are off, or in a service without {@code quarkus-opentelemetry}, there is nothing to name,
 * and nothing to go on with.
 */
@Singleton
final class EventTracing {

    private static final String FIELD = "traceparent";
    private static final TextMapPropagator W3C = W3CTraceContextPropagator.getInstance();
    private static final TextMapGetter<Map<String, String>> FIELDS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> fields) {
            return fields.keySet();
        }

        @Override
        public String get(Map<String, String> fields, String name) {
            return fields == null ? null : fields.get(name);
        }
    };

    private final Tracer tracer;
    private final EventsConfig config;

    @Inject
    EventTracing(Instance<OpenTelemetry> telemetry, EventsConfig config) {
        this(telemetry.isResolvable() ? telemetry.get() : OpenTelemetry.noop(), config);
    }

    EventTracing(OpenTelemetry telemetry, EventsConfig config) {
        this.tracer = telemetry.getTracer("org.acme.logout");
        this.config = config;
    }

    /** The caller's span as W3C Trace Context writes it; empty outside of any. */
    Optional<String> current() {
        Map<String, String> fields = new HashMap<>();
        W3C.inject(Context.current(), fields, Map::put);
        return Optional.ofNullable(fields.get(FIELD));
    }

    /** Forgets, in a span of the sign-off's trace if the event belongs to one. */
    void process(Ended event, Runnable invalidation) {
        if (event.traceparent().isEmpty()) {
            invalidation.run();
            return;
        }
        Context signOff =
                W3C.extract(Context.root(), Map.of(FIELD, event.traceparent().get()), FIELDS);
        Span span = tracer.spanBuilder("process " + config.topic())
                .setParent(signOff)
                .setSpanKind(SpanKind.CONSUMER)
                .setAttribute("messaging.system", config.transport().name().toLowerCase(Locale.ROOT))
                .setAttribute("messaging.destination.name", config.topic())
                .setAttribute("messaging.operation.type", "process")
                .startSpan();
        try {
            signOff.with(span).wrap(invalidation).run();
        } catch (RuntimeException e) {
            span.setStatus(StatusCode.ERROR);
            throw e;
        } finally {
            span.end();
        }
    }
}
