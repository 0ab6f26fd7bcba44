package org.acme.e2e.observers;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.acme.e2e.stack.Site;

/** Runs the stock Express application of {@code infra/e2e/express} against a Redis, as a guest. */
public final class ExpressApp implements AutoCloseable {

    private static final NodeProgram PROGRAM = new NodeProgram("express", "app.js");
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final String READY = "listening on ";

    private final Process process;
    private final int port;

    private ExpressApp(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    public static ExpressApp start(int redisPort, String guestPassword, String cookieSecret) {
        try {
            ProcessBuilder node = PROGRAM.installed().redirectErrorStream(true);
            node.environment()
                    .put("EXPRESS_REDIS_URL", "redis://guest-express:" + guestPassword + "@127.0.0.1:" + redisPort);
            node.environment().put("EXPRESS_COOKIE", Site.COOKIE);
            node.environment().put("EXPRESS_COOKIE_SECRET", cookieSecret);
            Process process = node.start();
            return new ExpressApp(process, portOf(process));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    @Override
    public void close() {
        process.destroy();
    }

    private static int portOf(Process process) throws IOException {
        CompletableFuture<Integer> port = new CompletableFuture<>();
        Thread reader = new Thread(() -> read(process, port), "express-app");
        reader.setDaemon(true);
        reader.start();
        try {
            return port.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (ExecutionException | TimeoutException e) {
            process.destroy();
            throw new IOException("The Express app did not start", e);
        }
    }

    /** Reads to the end of the process: a full pipe would stop it. */
    private static void read(Process process, CompletableFuture<Integer> port) {
        StringBuilder said = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.append(line).append('\n');
                if (line.startsWith(READY)) {
                    port.complete(Integer.valueOf(line.substring(READY.length())));
                }
            }
            port.completeExceptionally(new IOException("It ended and said:\n" + said));
        } catch (IOException e) {
            port.completeExceptionally(e);
        }
    }
}
