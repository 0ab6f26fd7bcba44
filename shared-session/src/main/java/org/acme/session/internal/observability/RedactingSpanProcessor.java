package org.acme.session.internal.observability;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * A span keeps the texts that are named here, and no others of those that it begins with: neither paths and queries (codes,
 * states, links), nor who asked. What Quarkus adds to it later (route, status, sizes) is the same for everybody.
 *
 * <p>Not an exporter: a bean of that type would take the place of the one that sends.
 */
@Singleton
final class RedactingSpanProcessor implements SpanProcessor {

    private static final String LEFT_OUT = "-";

    /** Names of OpenTelemetry's semantic conventions, and an older one that Quarkus uses for Redis. */
    private static final Set<String> KEPT = Set.of(
            "db.operation",
            "db.operation.name",
            "db.system",
            "db.system.name",
            "http.request.method",
            "http.route",
            "messaging.destination.name",
            "messaging.operation.name",
            "messaging.operation.type",
            "messaging.system",
            "network.protocol.name",
            "network.protocol.version",
            "server.address",
            "url.scheme");

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {
        span.getAttributes().forEach((key, value) -> {
            if (key.getType() == AttributeType.STRING && !KEPT.contains(key.getKey())) {
                span.setAttribute(AttributeKey.stringKey(key.getKey()), LEFT_OUT);
            }
        });
    }

    @Override
    public boolean isStartRequired() {
        return true;
    }

    @Override
    public void onEnd(ReadableSpan span) {
        // It has been made quiet before.
    }

    @Override
    public boolean isEndRequired() {
        return false;
    }
}
