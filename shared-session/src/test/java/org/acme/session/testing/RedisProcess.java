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
    private final List<String> command;
    private Process process;

    /** @param settings as on {@code redis-server}'s command line */
    RedisProcess(String... settings) {
        directory = newDirectory();
        // One that is told to end would wait ten seconds for its replicas to catch up.
        command = new ArrayList<>(List.of(
                "redis-server",
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--shutdown-timeout",
                "0"));
        command.addAll(List.of(settings));
    }

    private RedisProcess(Path directory, List<String> sentinel) {
        this.directory = directory;
        command = List.of("redis-server", "sentinel.conf", "--sentinel");
        List<String> lines = new ArrayList<>(List.of("port " + port, "bind 127.0.0.1"));
        lines.addAll(sentinel);
        try {
            Files.write(directory.resolve("sentinel.conf"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param lines of its configuration file, which a Sentinel must have */
    static RedisProcess sentinel(List<String> lines) {
        return new RedisProcess(newDirectory(), lines);
    }

    private static Path newDirectory() {
        try {
            return Files.createTempDirectory("redis-test");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    /**
     * Returns when it answers, on the same port and with what it had if it ran before.
     *
     * @param settings for this time, besides those that it has
     */
    void launch(String... settings) throws IOException {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(settings));
        process = new ProcessBuilder(all)
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

    boolean isRunning() {
        return process.isAlive();
    }

    /** As a crash would. */
    void kill() {
        process.destroyForcibly();
        waitForEnd();
    }

    /** Its connections stay open, and nothing answers. */
    void pause() {
        signal("STOP");
    }

    void resume() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -" + name + " answered " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
