package org.acme.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** nginx behind an Ingress: whose address counts. */
class ClientAddressTest {

    private static final String START =
            """
            cd "$1"
            for file in common install process stack parts; do source lib/$file.sh; done
            use_port "$2"
            INSTANCES=1
            mkdir -p "$DATA_DIR/nginx" "$LOG_DIR" "$RUN_DIR"
            configure_nginx 127.0.0.1:9 127.0.0.1:9
            exec "$(find_command nginx)" -e stderr -p "$DATA_DIR/nginx" -c "$CONF_DIR/nginx/nginx.conf"
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "'', 127.0.0.1",
        "127.0.0.0/8, 198.51.100.9",
        "'127.0.0.0/8,198.51.100.0/24', 203.0.113.7",
    })
    @DisplayName("A client's address is what the trusted proxies saw, and what they were told by nobody else")
    void realAddress(String trusted, String client) throws Exception {
        int port = freePort();
        ProcessBuilder bash = new ProcessBuilder(
                "bash", "-euc", START, "-", Shell.REPOSITORY.resolve("infra").toString(), Integer.toString(port));
        bash.environment().putAll(Map.of("SSO_STACK_DIR", folder.toString(), "SSO_NGINX_TRUSTED_PROXIES", trusted));
        Process nginx = bash.redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
        try {
            Path log = folder.resolve("logs/nginx-access.log");
            String answer = ask(nginx, port);
            assertThat(answer).startsWith("HTTP/1.1 404");
            assertThat(log).content().contains("\"client\":\"" + client + "\"");
        } finally {
            nginx.destroy();
            nginx.waitFor();
        }
    }

    /** Once it listens. A request is logged before its connection is closed. */
    private String ask(Process nginx, int port) throws IOException {
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream()
                        .write(("GET /nobody-has-this HTTP/1.1\r\nHost: localhost:" + port
                                        + "\r\nX-Forwarded-For: 192.0.2.1, 203.0.113.7, 198.51.100.9\r\nConnection: close\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
                return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            } catch (java.net.ConnectException notYet) {
                assertThat(nginx.isAlive())
                        .as(Files.readString(folder.resolve("output")))
                        .isTrue();
                Thread.onSpinWait();
            }
        }
    }

    /** The others of a stack's ports follow it; all are below those that the machine gives to connections. */
    private static int freePort() throws IOException {
        for (int port = 26_000; ; port += 500) {
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (java.net.BindException taken) {
                assertThat(port).isLessThan(32_000);
            }
        }
    }
}
