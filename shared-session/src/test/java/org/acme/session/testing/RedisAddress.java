package org.acme.session.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The one address of a managed Redis: it can be made to lead to another server, and connections that are open stay where they
 * are.
 */
public final class RedisAddress implements AutoCloseable {

    private final ServerSocket door;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private volatile int target;

    public RedisAddress(RedisServer first) {
        leadTo(first);
        try {
            door = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        begin("accept", this::accept);
    }

    public void leadTo(RedisServer server) {
        target = server.port();
    }

    public String uri() {
        return "redis://127.0.0.1:" + door.getLocalPort();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void begin(String name, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        // As connections do.
                    }
                },
                "redis-address-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket here = door.accept();
            begin("connect", () -> {
                try (here;
                        Socket there = new Socket(InetAddress.getLoopbackAddress(), target)) {
                    sockets.add(here);
                    sockets.add(there);
                    begin("request", () -> copy(here, there));
                    copy(there, here);
                } finally {
                    sockets.remove(here);
                }
            });
        }
    }

    /** When one side has ended, the other has, too. */
    private void copy(Socket from, Socket to) throws IOException {
        try (to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            in.transferTo(out);
        } finally {
            sockets.remove(to);
        }
    }

    @Override
    public void close() {
        try {
            door.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
