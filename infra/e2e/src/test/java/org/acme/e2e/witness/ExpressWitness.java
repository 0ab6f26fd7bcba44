package org.acme.e2e.witness;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.acme.e2e.stack.Site;

/** Runs the stock Express application of {@code infra/e2e/express} against a Redis, as a guest. */
public final class ExpressWitness implements AutoCloseable {

    private static final Path SOURCES = Path.of("express");
    private static final Path INSTALLED = Path.of("target", "express");
    private static final List<String> FILES = List.of("package.json", "package-lock.json", "witness.js");
    private static final Duration INSTALL_LIMIT = Duration.ofMinutes(3);
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final String READY = "listening on ";

    private final Process process;
    private final int port;

    private ExpressWitness(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    public static ExpressWitness start(int redisPort, String guestPassword, String cookieSecret) {
        try {
            install();
            ProcessBuilder node = new ProcessBuilder("node", "witness.js")
                    .directory(INSTALLED.toFile())
                    .redirectErrorStream(true);
            node.environment()
                    .put("WITNESS_REDIS_URL", "redis://guest-express:" + guestPassword + "@127.0.0.1:" + redisPort);
            node.environment().put("WITNESS_COOKIE", Site.COOKIE);
            node.environment().put("WITNESS_COOKIE_SECRET", cookieSecret);
            Process process = node.start();
            return new ExpressWitness(process, portOf(process));
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

    /** Installs once per lock file, outside the sources. */
    private static void install() throws IOException {
        Files.createDirectories(INSTALLED);
        Path lock = INSTALLED.resolve("package-lock.json");
        boolean current = Files.isDirectory(INSTALLED.resolve("node_modules/express"))
                && Files.exists(lock)
                && Files.mismatch(lock, SOURCES.resolve("package-lock.json")) == -1;
        for (String file : FILES) {
            Files.copy(SOURCES.resolve(file), INSTALLED.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        if (current) {
            return;
        }
        Path output = INSTALLED.resolve("npm-ci.txt");
        Process npm = new ProcessBuilder("npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund")
                .directory(INSTALLED.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (!ended(npm, INSTALL_LIMIT) || npm.exitValue() != 0) {
            npm.destroy();
            throw new IOException("npm ci failed:\n" + Files.readString(output));
        }
    }

    private static boolean ended(Process process, Duration limit) {
        try {
            return process.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static int portOf(Process process) throws IOException {
        CompletableFuture<Integer> port = new CompletableFuture<>();
        Thread reader = new Thread(() -> read(process, port), "express-witness");
        reader.setDaemon(true);
        reader.start();
        try {
            return port.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        } catch (ExecutionException | TimeoutException e) {
            process.destroy();
            throw new IOException("The Express witness did not start", e);
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
