package org.acme.session.internal.auth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;

/** A request as a browser writes it, whose target java.net.http would not send. */
final class RawRequest {

    private RawRequest() {}

    /** @return status and body, with a blank between */
    static String get(String target, String cookie) {
        String answer = send(target, cookie);
        String[] parts = answer.split("\r\n\r\n", 2);
        return answer.split(" ")[1] + " " + parts[1];
    }

    /** Asks for a page that needs a sign-in. */
    static BegunSignIn begin(String target) {
        List<String> lines =
                Stream.of(send(target, null).split("\r\n\r\n")[0].split("\r\n")).toList();
        return new BegunSignIn(values(lines, "location").get(0), values(lines, "set-cookie"));
    }

    private static List<String> values(List<String> lines, String name) {
        return lines.stream()
                .filter(line -> line.toLowerCase().startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .toList();
    }

    private static String send(String target, String cookie) {
        int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + target
                                    + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/html,*/*;q=0.8\r\nConnection: close\r\n"
                                    + (cookie == null ? "" : "Cookie: " + cookie + "\r\n") + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
