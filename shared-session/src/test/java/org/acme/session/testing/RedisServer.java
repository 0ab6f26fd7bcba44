package org.acme.session.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real Redis for the tests of one module: Debian's {@code redis-server}, on a free loopback port, with a directory of its own.
 * Also usable without Quarkus: {@link #start()} and {@link #stop()}. A {@code @QuarkusTest} that wants to take it away has
 * it put into a field of this type.
 */
public final class RedisServer implements QuarkusTestResourceLifecycleManager {

    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private Process process;
    private Path directory;
    private int port;

    @Override
    public Map<String, String> start() {
        try {
            port = freePort();
            directory = Files.createTempDirectory("redis-test");
            launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return settings();
    }

    /**
     * What a service needs to start with this Redis and without a provider: nothing listens at the provider's address, so
     * that a test which asks it is told so at once.
     */
    public Map<String, String> settings() {
        return Map.of(
                "quarkus.redis.hosts", uri(),
                "sso.base-url", "http://localhost:8081",
                "sso.cookie.secrets", "only-for-tests-0123456789-0123456789",
                "sso.encryption.keys", "test:b25seS1mb3ItdGVzdHMtMDEyMzQ1Njc4OTAxMjM0NTY=",
                "sso.providers.keycloak.url", "http://127.0.0.1:1/realms/sso",
                "sso.providers.keycloak.client-secret", "only-for-tests");
    }

    public String uri() {
        return "redis://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** Ends the process as a crash would; {@link #launch()} brings it back on the same port, with what it had. */
    public void kill() {
        process.destroyForcibly();
        waitForEnd();
    }

    public void launch() throws IOException {
        process = new ProcessBuilder(
                        "redis-server",
                        "--port",
                        Integer.toString(port),
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--appendonly",
                        "yes",
                        "--appendfsync",
                        "no",
                        "--enable-debug-command",
                        "local")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("redis.log").toFile())
                .start();
        waitUntilItAnswers();
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(RedisServer.class));
    }

    @Override
    public void stop() {
        if (process != null) {
            process.destroy();
            waitForEnd();
        }
    }

    private void waitUntilItAnswers() throws IOException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException(
                        "redis-server did not start: " + Files.readString(directory.resolve("redis.log")));
            }
            Thread.onSpinWait();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("+PONG");
        } catch (IOException notYet) {
            return false;
        }
    }

    private void waitForEnd() {
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
