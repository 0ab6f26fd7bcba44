package org.acme.e2e.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A wire between a part and who uses it, as long as a test says. What is under way when an end is cut is lost. */
public final class Wire implements AutoCloseable {

    /** So long that nothing arrives. */
    public static final Duration ENDLESS = Duration.ofHours(1);

    private final ServerSocket listening;
    private final int to;
    private final Set<Socket> ends = ConcurrentHashMap.newKeySet();
    private volatile Duration delay = Duration.ZERO;

    private Wire(ServerSocket listening, int to) {
        this.listening = listening;
        this.to = to;
    }

    /** A wire without any length yet, to a port of this machine. */
    public static Wire to(int port) {
        try {
            Wire wire = new Wire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
            background("wire", wire::accept);
            return wire;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** From now on whatever is sent, in either direction, arrives that much later. */
    public void delay(Duration eachWay) {
        delay = eachWay;
    }

    private void accept() {
        try {
            while (true) {
                Socket near = listening.accept();
                Socket far = new Socket(InetAddress.getLoopbackAddress(), to);
                ends.add(near);
                ends.add(far);
                background("wire there", () -> carry(near, far));
                background("wire back", () -> carry(far, near));
            }
        } catch (IOException closed) {
            // the wire is taken down, or there is nobody at its other end
        }
    }

    private void carry(Socket from, Socket onTo) {
        ScheduledExecutorService underWay = Executors.newSingleThreadScheduledExecutor(Wire::daemon);
        byte[] buffer = new byte[16 * 1024];
        try (InputStream in = from.getInputStream();
                OutputStream out = onTo.getOutputStream()) {
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                byte[] sent = Arrays.copyOf(buffer, length);
                underWay.schedule(() -> arrive(sent, out), delay.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (IOException cut) {
            // what was under way is lost
        } finally {
            underWay.shutdownNow();
        }
    }

    private static void arrive(byte[] sent, OutputStream out) {
        try {
            out.write(sent);
            out.flush();
        } catch (IOException cut) {
            // nobody is there any more
        }
    }

    private static void background(String name, Runnable work) {
        Thread thread = daemon(work);
        thread.setName(name);
        thread.start();
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (Socket end : ends) {
                end.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
