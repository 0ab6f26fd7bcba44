package org.acme.session.testing;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Redis as another program sees it: one connection, one command at a time, nothing of ours in between. An answer is a
 * {@link String}, a {@link Long}, a list of answers, or null.
 */
public final class RedisConnection implements AutoCloseable {

    private static final int ANSWER_LIMIT_MILLIS = 10_000;

    private final Socket socket;
    private final InputStream answers;

    /** @param uri {@code redis://127.0.0.1:6379}, or with {@code user:password@} */
    public RedisConnection(String uri) {
        URI address = URI.create(uri);
        try {
            socket = new Socket(address.getHost(), address.getPort());
            socket.setSoTimeout(ANSWER_LIMIT_MILLIS);
            answers = new BufferedInputStream(socket.getInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (address.getUserInfo() != null) {
            String[] user = address.getUserInfo().split(":", 2);
            send("AUTH", user[0], user[1]);
        }
    }

    /** Redis refused a command. */
    public static final class RefusedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** Sends a command and returns its answer. */
    public Object send(String... command) {
        StringBuilder request = new StringBuilder("*" + command.length + "\r\n");
        for (String part : command) {
            int bytes = part.getBytes(StandardCharsets.UTF_8).length;
            request.append('$').append(bytes).append("\r\n").append(part).append("\r\n");
        }
        try {
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
            return answer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What Redis sends on its own, after {@code MONITOR} for instance. */
    public String next() {
        try {
            return String.valueOf(answer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The answer as text; null when there is nothing. */
    public String text(String... command) {
        Object answer = send(command);
        return answer == null ? null : answer.toString();
    }

    public long number(String... command) {
        return (Long) send(command);
    }

    /** The answer as a list of texts. */
    public List<String> texts(String... command) {
        return ((List<?>) send(command)).stream().map(String::valueOf).toList();
    }

    /** L5: what would stay in Redis forever; there must never be any of it. */
    public List<String> keysWithoutTimeToLive() {
        return texts("KEYS", "*").stream()
                .filter(key -> number("PTTL", key) == -1)
                .toList();
    }

    private Object answer() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest;
            case '-' -> throw new RefusedException(rest);
            case ':' -> Long.valueOf(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> list(Integer.parseInt(rest));
            default -> throw new IOException("Not an answer of Redis: " + line);
        };
    }

    private String bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] text = answers.readNBytes(length);
        answers.readNBytes(2);
        return new String(text, StandardCharsets.UTF_8);
    }

    private List<Object> list(int size) throws IOException {
        if (size < 0) {
            return null;
        }
        List<Object> items = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            items.add(answer());
        }
        return items;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = answers.read(); c != '\r'; c = answers.read()) {
            if (c < 0) {
                throw new EOFException("Redis closed the connection");
            }
            line.append((char) c);
        }
        answers.read();
        return line.toString();
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
