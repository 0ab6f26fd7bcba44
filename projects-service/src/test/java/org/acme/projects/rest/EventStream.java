package org.acme.projects.rest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.ConfigProvider;

/** A stream of events as a browser reads it, line by line. */
final class EventStream implements AutoCloseable {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration TIMEOUT = Duration.ofSeconds(12);
    private static final String END = "(the stream has ended)";

    private final HttpResponse<InputStream> answer;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    EventStream(String cookie) {
        int port = ConfigProvider.getConfig()
                .getOptionalValue("quarkus.http.test-port", Integer.class)
                .orElse(8081);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/projects/live"))
                .header("Accept", "text/event-stream")
                .header("Sec-Fetch-Mode", "cors")
                .header("Cookie", cookie)
                .build();
        answer = HTTP.sendAsync(request, BodyHandlers.ofInputStream()).join();
        if (answer.statusCode() == 200) {
            Thread reader = new Thread(this::read, "event-stream");
            reader.setDaemon(true);
            reader.start();
            await(":open");
        }
    }

    int status() {
        return answer.statusCode();
    }

    String header(String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    /** Reads on until a line begins so. @return the line */
    String await(String beginning) {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (true) {
            String line = next(deadline);
            if (line.startsWith(beginning)) {
                return line;
            }
            if (line.equals(END)) {
                throw new AssertionError("The stream ended without " + beginning);
            }
        }
    }

    /** Reads on until the stream ends. */
    void awaitEnd() {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!next(deadline).equals(END)) {
            // what came before the end is of no interest
        }
    }

    private String next(long deadline) {
        try {
            String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new AssertionError("Nothing of the kind within " + TIMEOUT);
            }
            return line;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void read() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            reader.lines().forEach(line -> lines.add(line.replaceFirst("^(\\w*): ", "$1:")));
        } catch (IOException | RuntimeException closed) {
            // by the server, or by close()
        }
        lines.add(END);
    }

    @Override
    public void close() {
        try {
            answer.body().close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
