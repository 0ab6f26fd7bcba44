package org.acme.session.internal.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.eclipse.microprofile.config.ConfigProvider;

/** Bytes to the service under test, as no client library sends them. Texts are ISO 8859-1: a character is a byte. */
final class RawHttp {

    /** Far longer than any answer takes, also on a loaded machine. */
    private static final int PATIENCE_MILLIS = 10_000;

    /** Of a resource that says "nobody". */
    private static final String NEXT = "GET /notes/open HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    private RawHttp() {}

    /**
     * What the service answers to a request and to another one after it on the same connection, which it then closes.
     *
     * @throws IllegalStateException when one of them is not answered
     */
    static String exchange(String request) {
        int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write((request + NEXT).getBytes(StandardCharsets.ISO_8859_1));
            socket.getInputStream().transferTo(answers);
            return answers.toString(StandardCharsets.ISO_8859_1);
        } catch (SocketTimeoutException e) {
            throw new IllegalStateException(
                    "Not answered; until then came: " + answers.toString(StandardCharsets.ISO_8859_1), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int status(String answers) {
        return Integer.parseInt(answers.substring(9, 12));
    }

    static boolean hasAnsweredBoth(String answers) {
        return answers.endsWith("\r\n\r\nnobody");
    }

    /** @param type null for no such header */
    static String post(String path, String type, String body, String... headers) {
        StringBuilder request = new StringBuilder("POST /notes/" + path + " HTTP/1.1\r\nHost: localhost\r\n");
        boolean framed = false;
        for (String header : headers) {
            request.append(header).append("\r\n");
            framed |= header.startsWith("Content-Length") || header.startsWith("Transfer-Encoding");
        }
        if (type != null) {
            request.append("Content-Type: ").append(type).append("\r\n");
        }
        if (!framed) {
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return exchange(request.append("\r\n").append(body).toString());
    }
}
