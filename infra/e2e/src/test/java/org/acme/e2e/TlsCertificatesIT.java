package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The TLS of infra/nginx/tls.conf with certificates as authorities make them; an nginx of its own, and no stack. */
class TlsCertificatesIT {

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}, {2}")
    @CsvSource({
        "RSA, rsa:2048, TLSv1.2",
        "RSA, rsa:2048, TLSv1.3",
        "elliptic curve, ec -pkeyopt ec_paramgen_curve:P-256, TLSv1.2",
        "elliptic curve, ec -pkeyopt ec_paramgen_curve:P-256, TLSv1.3"
    })
    @DisplayName("F51 both kinds of certificate work for clients of TLS 1.2 and of 1.3")
    void handshake(String kind, String key, String version) throws Exception {
        Files.createDirectories(folder.resolve("tls"));
        run(
                "openssl req -x509 -newkey " + key
                        + " -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout tls/server.key -out tls/server.pem");
        int port = freePort();
        String tls = Files.readString(Stack.repository().resolve("infra/nginx/tls.conf"))
                .replace("@STACK_DIR@", folder.toString());
        Files.writeString(
                folder.resolve("nginx.conf"),
                """
                daemon off; master_process off; pid %1$s/pid; error_log stderr;
                events { }
                http {
                    access_log off;
                    client_body_temp_path %1$s/b; proxy_temp_path %1$s/p; fastcgi_temp_path %1$s/f;
                    uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
                %2$s
                    server { listen 127.0.0.1:%3$d ssl; return 200 well; }
                }
                """
                        .formatted(folder, tls, port));
        Process nginx = command("nginx -e stderr -p " + folder + " -c " + folder.resolve("nginx.conf"));
        try {
            SSLContext context = trusting(folder.resolve("tls/server.pem"));
            await("nginx").atMost(Duration.ofSeconds(20)).until(() -> nginx.isAlive() && listens(port));
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
                socket.setEnabledProtocols(new String[] {version});
                socket.startHandshake();
                assertThat(socket.getSession().getProtocol()).isEqualTo(version);
                assertThat(socket.getSession().getCipherSuite()).contains("GCM");
            }
        } finally {
            nginx.destroy();
            nginx.waitFor();
        }
    }

    private void run(String line) throws IOException, InterruptedException {
        assertThat(command(line).waitFor()).as(line).isZero();
    }

    private Process command(String line) throws IOException {
        // Debian keeps servers where an ordinary user's PATH does not look.
        return new ProcessBuilder("bash", "-c", "PATH=$PATH:/usr/sbin:/sbin; exec " + line)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile())
                .start();
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static SSLContext trusting(Path certificate) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (var pem = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "server", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
