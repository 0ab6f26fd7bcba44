package org.acme.session.internal.observability;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What would be sent to a collector, in the order in which the spans ended. */
@Singleton
class SpanQueue implements SpanExporter {

    private final BlockingQueue<SpanData> ended = new LinkedBlockingQueue<>();

    /** Waits for the span of a request; with it come all that ended before. */
    List<SpanData> upToRequestOf(String trace) throws InterruptedException {
        List<SpanData> spans = new ArrayList<>();
        while (true) {
            SpanData span = ended.poll(10, TimeUnit.SECONDS);
            if (span == null) {
                throw new AssertionError("No request of trace " + trace + " among " + spans);
            }
            spans.add(span);
            if (span.getKind() == SpanKind.SERVER && span.getTraceId().equals(trace)) {
                return spans;
            }
        }
    }

    /** What has ended, whether or not it was about to be sent. */
    List<SpanData> all(OpenTelemetry telemetry) {
        ((OpenTelemetrySdk) telemetry).getSdkTracerProvider().forceFlush().join(10, TimeUnit.SECONDS);
        return List.copyOf(ended);
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        ended.addAll(spans);
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
    }
}
