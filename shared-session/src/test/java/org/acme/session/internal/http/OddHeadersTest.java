package org.acme.session.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.LogLines;
import org.acme.session.testing.RedisServer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers that no browser sends, and anybody can. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class OddHeadersTest {

    private static final String NEXT = "GET /notes/open HTTP/1.1\r\nHost: localhost\r\n\r\n";

    /** What is answered to it, and to a next request on the same connection, when all about this one is over. */
    private static String ask(String path, String headers) throws IOException {
        int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(10_000);
            String request = "GET /notes/" + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "\r\n" + NEXT;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder answers = new StringBuilder();
            while (!RawHttp.hasAnsweredBoth(answers.toString())) {
                int next = socket.getInputStream().read();
                assertTrue(next >= 0, () -> "hung up after " + answers);
                answers.append((char) next);
            }
            return answers.toString();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', 400",
        "'Connection: upgrade\r\n', 400",
        "'Upgrade: websocket\r\n', 400",
        "'Connection: upgrade\r\nUpgrade: websocket\r\n', 400",
        "'Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n', 400",
        "'Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 99\r\nSec-WebSocket-Key: eA==\r\n', 426",
    })
    @DisplayName("E8: who asks for a WebSocket in a way that is none is told so, and nothing is logged")
    void noHandshake(String headers, int status) throws IOException {
        try (LogLines log = LogLines.ofAll()) {
            String answers = ask("streams/socket", headers.translateEscapes());
            assertEquals(status, RawHttp.status(answers), answers);
            assertTrue(log.lines().isEmpty(), log.lines().toString());
        }
    }
}
