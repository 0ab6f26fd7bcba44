package org.acme.e2e.observers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands for an OpenTelemetry collector: keeps what services send to it (OTLP over HTTP). */
public final class Collector implements AutoCloseable {

    /** A span, and which service it is from. */
    public record Seen(String service, Span span) {

        public String trace() {
            return HexFormat.of().formatHex(span.getTraceId().toByteArray());
        }

        public boolean is(String ofService, Span.SpanKind kind) {
            return service.equals(ofService) && span.getKind() == kind;
        }

        /** The text of an attribute; empty without it. */
        public String text(String attribute) {
            return textOf(span.getAttributesList(), attribute);
        }
    }

    private final List<Seen> seen = new CopyOnWriteArrayList<>();
    private final HttpServer server;
    private final Path messages;
    private int received;

    /** @param messages an empty folder for what is sent, byte by byte: {@code 1.log} and so on, for {@link LogScan} */
    public Collector(int port, Path messages) throws IOException {
        this.messages = messages;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/v1/traces", this::receive);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public List<Seen> all() {
        return List.copyOf(seen);
    }

    public List<Seen> of(String trace) {
        return seen.stream().filter(span -> span.trace().equals(trace)).toList();
    }

    private synchronized void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] message = exchange.getRequestBody().readAllBytes();
            Files.write(messages.resolve(++received + ".log"), message);
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(message);
            request.getResourceSpansList().forEach(this::keep);
            exchange.sendResponseHeaders(200, -1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void keep(ResourceSpans resource) {
        String service = textOf(resource.getResource().getAttributesList(), "service.name");
        resource.getScopeSpansList()
                .forEach(scope -> scope.getSpansList().forEach(span -> seen.add(new Seen(service, span))));
    }

    private static String textOf(List<KeyValue> attributes, String name) {
        return attributes.stream()
                .filter(attribute -> attribute.getKey().equals(name))
                .map(attribute -> attribute.getValue().getStringValue())
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
