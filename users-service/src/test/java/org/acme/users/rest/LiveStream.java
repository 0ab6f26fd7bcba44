package org.acme.users.rest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The stream of the live view, as a browser reads it. */
final class LiveStream implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(12);

    private final BufferedReader lines;

    private LiveStream(BufferedReader lines) {
        this.lines = lines;
    }

    /** @param cookie empty for a stranger */
    static LiveStream open(String cookie) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:8081/users/live/events"))
                .header("Accept", "text/event-stream")
                .header("Sec-Fetch-Site", "same-origin");
        if (!cookie.isEmpty()) {
            request.header("Cookie", cookie);
        }
        var answer = HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        if (answer.statusCode() != 200) {
            throw new IOException("HTTP " + answer.statusCode());
        }
        return new LiveStream(new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8)));
    }

    /** The data of the next event of that name; null when the stream ends before. */
    String next(String name) throws IOException {
        boolean wanted = false;
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            // A line comes every second as long as the stream is open.
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no " + name + ", and the stream goes on");
            }
            if (line.startsWith("event:")) {
                wanted = line.substring("event:".length()).strip().equals(name);
            } else if (wanted && line.startsWith("data:")) {
                return line.substring("data:".length()).strip();
            }
        }
        return null;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
