package org.acme.e2e.people;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.acme.e2e.stack.Site;

/** One connection, on which a test sends just the bytes that it means, in whatever disorder. */
public final class RawHttp implements AutoCloseable {

    private static final Charset BYTES = StandardCharsets.ISO_8859_1;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Socket socket;

    private RawHttp(Socket socket) {
        this.socket = socket;
    }

    /** To the site of that base URL, with TLS where it speaks that. */
    public static RawHttp to(String base) {
        URI uri = URI.create(base);
        return to(Site.TLS ? Site.tlsSocket() : new Socket(), uri.getHost(), uri.getPort(), null);
    }

    /** One request in plain text, whatever the site speaks: to an instance, say. */
    public static String plain(URI base, String request) {
        try (RawHttp connection = to(new Socket(), base.getHost(), base.getPort(), null)) {
            return connection.send(request).all();
        }
    }

    /** In plain text from another address of this machine, such as 127.0.0.7: for nginx, somebody else. */
    public static RawHttp from(String address, int port) {
        return to(new Socket(), "127.0.0.1", port, address);
    }

    private static RawHttp to(Socket socket, String host, int port, String from) {
        try {
            if (from != null) {
                socket.bind(new InetSocketAddress(from, 0));
            }
            socket.connect(new InetSocketAddress(host, port));
            socket.setSoTimeout((int) TIMEOUT.toMillis());
            return new RawHttp(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RawHttp send(String bytes) {
        try {
            socket.getOutputStream().write(bytes.getBytes(BYTES));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that comes until the other side closes; with a request that says {@code Connection: close}, the answer. */
    public String all() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                all.write(next);
            }
        } catch (SocketException reset) {
            // An answer, and then the end of the connection, for what was still being sent.
        } catch (IOException e) {
            throw new UncheckedIOException("After " + all.toString(BYTES), e);
        }
        return all.toString(BYTES);
    }

    /** One answer whose length it says, however long the other side keeps the connection. */
    public String answer() {
        StringBuilder answer = new StringBuilder();
        try {
            InputStream in = socket.getInputStream();
            int left = Integer.MAX_VALUE;
            for (int next = left; left > 0 && (next = in.read()) >= 0; left--) {
                answer.append((char) next);
                if (left > 100_000 && answer.indexOf("\r\n\r\n", Math.max(0, answer.length() - 4)) >= 0) {
                    left = 1
                            + Integer.parseInt(
                                    answer.toString().replaceFirst("(?is).*?\ncontent-length: (\\d+).*", "$1"));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("After " + answer, e);
        }
        return answer.toString();
    }

    /** One request, and all that comes back. */
    public static String ask(String base, String request) {
        try (RawHttp connection = to(base)) {
            return connection.send(request).all();
        }
    }

    /** The status of an answer; 0 when there is none. */
    public static int status(String answer) {
        return answer.matches("(?s)HTTP/1\\.[01] \\d{3}.*") ? Integer.parseInt(answer.substring(9, 12)) : 0;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
