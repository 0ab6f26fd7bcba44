package org.acme.benchmark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A wire between one instance and Redis or Kafka that can be cut. It needs no rights that a network namespace needs: it
 * listens at the same port of 127.0.0.2.
 */
final class Relay {

    /** What becomes of connections. */
    enum State {
        OPEN,
        /** They are broken off, and new ones refused, as when a server has died. */
        REFUSING,
        /** They stand, and nothing passes, as when packets vanish. What was under way arrives when it is open again. */
        SILENT
    }

    /** @param words what a request has to hold @param seen completes when one was passed on */
    private record Cut(List<String> words, CompletableFuture<Void> seen) {}

    private static final String HERE = "127.0.0.2";
    private static final String THERE = "127.0.0.1";

    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private ServerSocket door;
    private State state = State.REFUSING;
    private Cut cut;

    Relay(int port) {
        this.port = port;
        become(State.OPEN);
    }

    synchronized void become(State next) {
        try {
            if (next == State.REFUSING && door != null) {
                door.close();
                door = null;
                for (Socket socket : sockets) {
                    abort(socket);
                }
            } else if (next != State.REFUSING && door == null) {
                door = new ServerSocket();
                door.setReuseAddress(true);
                door.bind(new InetSocketAddress(HERE, port));
                ServerSocket opened = door;
                daemon(() -> accept(opened));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        state = next;
        notifyAll();
    }

    /** The next request that holds all of these words is the last that passes: it arrives, and its answer does not. */
    synchronized CompletableFuture<Void> silentAfter(String... words) {
        cut = new Cut(List.of(words), new CompletableFuture<>());
        return cut.seen();
    }

    private void accept(ServerSocket opened) {
        try {
            while (true) {
                connect(opened.accept());
            }
        } catch (IOException closed) {
            // refusing
        }
    }

    private void connect(Socket client) {
        try {
            Socket server = new Socket(THERE, port);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            sockets.addAll(List.of(client, server));
            daemon(() -> pump(client, server, true));
            daemon(() -> pump(server, client, false));
        } catch (IOException away) {
            abort(client);
        }
    }

    private void pump(Socket from, Socket to, boolean requests) {
        byte[] buffer = new byte[64 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                byte[] bytes = Arrays.copyOf(buffer, length);
                CompletableFuture<Void> seen = pass(bytes, requests);
                out.write(requests ? bytes : readdressed(bytes));
                if (seen != null) {
                    seen.complete(null);
                }
            }
        } catch (IOException | InterruptedException gone) {
            // the other side hears of it: both sockets close
        } finally {
            sockets.removeAll(List.of(from, to));
        }
    }

    /** Waits while nothing passes. @return to be completed when these bytes have been passed on; null mostly */
    private synchronized CompletableFuture<Void> pass(byte[] bytes, boolean requests) throws InterruptedException {
        while (state == State.SILENT) {
            wait();
        }
        if (!requests || cut == null) {
            return null;
        }
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!cut.words().stream().allMatch(text::contains)) {
            return null;
        }
        CompletableFuture<Void> seen = cut.seen();
        cut = null;
        state = State.SILENT; // before they are passed on, so that no answer slips through
        return seen;
    }

    /** Kafka tells its clients where to connect to. The other name has the same length. */
    private static byte[] readdressed(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.contains(THERE) ? text.replace(THERE, HERE).getBytes(StandardCharsets.ISO_8859_1) : bytes;
    }

    private static void abort(Socket socket) {
        try (socket) {
            socket.setSoLinger(true, 0);
        } catch (IOException closedMeanwhile) {
            // as it should be
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "relay");
        thread.setDaemon(true);
        thread.start();
    }
}
