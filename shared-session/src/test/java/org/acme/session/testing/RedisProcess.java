package org.acme.session.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's {@code redis-server} on a free loopback port, with a directory of its own. */
final class RedisProcess {

    private static final Duration START_LIMIT = Duration.ofSeconds(10);

    private final int port = freePort();
    private final Path directory;
    private final List<String> command = new ArrayList<>();
    private Process process;

    /** @param settings as on {@code redis-server}'s command line */
    RedisProcess(String... settings) {
        try {
            directory = Files.createTempDirectory("redis-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        command.addAll(List.of("redis-server", "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", ""));
        command.addAll(List.of(settings));
    }

    int port() {
        return port;
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    String uri(String user) {
        return "redis://" + user + ":" + ShippedUsers.PASSWORD + "@127.0.0.1:" + port;
    }

    /** Returns when it answers, on the same port and with what it had if it ran before. */
    void launch() throws IOException {
        process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("redis.log").toFile())
                .start();
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException(
                        "redis-server did not start: " + Files.readString(directory.resolve("redis.log")));
            }
            Thread.onSpinWait();
        }
    }

    /** As a crash would. */
    void kill() {
        process.destroyForcibly();
        waitForEnd();
    }

    void stop() {
        if (process != null) {
            process.destroy();
            waitForEnd();
        }
    }

    /** Whether it says anything: that it wants a password is an answer, too. */
    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII);
            return answer.equals("+PONG") || answer.equals("-NOAU");
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

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
