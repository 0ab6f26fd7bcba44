package org.acme.e2e.stack;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** How browsers speak to the stack under test: http, or https with {@code -De2e.tls=true}. */
public final class Site {

    public static final boolean TLS = Boolean.getBoolean("e2e.tls");

    /** The session cookie's name, which the base URL decides. */
    public static final String COOKIE = TLS ? "__Host-sso" : "sso";

    private Site() {}

    static String origin(int port) {
        return (TLS ? "https" : "http") + "://localhost:" + port;
    }

    /** A client that trusts the certificate of the running stack, and no other. */
    public static HttpClient.Builder client() {
        HttpClient.Builder client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
        return TLS ? client.sslContext(trusting()) : client;
    }

    /** A socket, not connected yet, that trusts the same. */
    public static Socket tlsSocket() {
        try {
            return trusting().getSocketFactory().createSocket();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SSLContext trusting() {
        return trusting(Stack.directory().resolve("tls/authority.pem"));
    }

    private static SSLContext trusting(Path authority) {
        try (InputStream pem = Files.newInputStream(authority)) {
            KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (IOException e) {
            throw new UncheckedIOException("The stack has no certificate", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
