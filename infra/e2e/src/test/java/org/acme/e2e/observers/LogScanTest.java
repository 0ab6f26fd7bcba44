package org.acme.e2e.observers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scan that finds nothing proves something only if it finds what is there. */
class LogScanTest {

    @TempDir
    Path folder;

    @Test
    @DisplayName("L11 the scan finds a secret wherever it stands, in a rotated log and between binary bytes too")
    void findsWhatIsThere() throws IOException {
        String secret = SignedCookie.freshId();
        String other = SignedCookie.freshId();
        Files.writeString(folder.resolve("nginx.log"), "harmless\nGET /?x=" + secret + "&y\n");
        Files.writeString(folder.resolve("nginx.log.1"), "start" + other + "end\n");
        Files.write(
                folder.resolve("000.log"),
                ("\u00ff\u0000" + secret).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
        Files.writeString(folder.resolve("secrets.env"), secret);

        assertThat(new LogScan(Map.of(secret, "session id", other, "code")).findingsIn(folder))
                .containsExactly("session id at 000.log:1", "session id at nginx.log:2", "code at nginx.log.1:1");
    }

    @Test
    @DisplayName("L11 the scan knows a token and a session cookie by their shape")
    void knowsShapes() throws IOException {
        String cookie = SignedCookie.of(SignedCookie.freshId(), "a secret");
        Files.writeString(
                folder.resolve("a.log"),
                "token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.AAAA\n" + "Cookie: sso=" + cookie + "\n"
                        + "Cookie: sso=" + SignedCookie.decoded(cookie) + "\n");

        assertThat(new LogScan(Map.of()).findingsIn(folder))
                .containsExactly(
                        "a JSON web token at a.log:1", "a session cookie at a.log:2", "a session cookie at a.log:3");
    }

    @Test
    @DisplayName("L11 the scan is silent about the rest")
    void silentAboutTheRest() throws IOException {
        Files.writeString(folder.resolve("a.log"), "session 5f3a ended; s:short.x; eyJub3Q\n");

        assertThat(new LogScan(Map.of(SignedCookie.freshId(), "session id")).findingsIn(folder))
                .isEmpty();
    }
}
