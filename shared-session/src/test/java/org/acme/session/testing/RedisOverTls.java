package org.acme.session.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A real Redis that services reach over TLS, with a certificate of its own for {@code localhost} and no other name. */
public final class RedisOverTls implements QuarkusTestResourceLifecycleManager {

    private final int port = RedisProcess.freePort();
    private RedisProcess process;

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory("redis-test");
            String certificate = directory.resolve("redis.crt").toString();
            String key = directory.resolve("redis.key").toString();
            run(
                    "openssl",
                    "req",
                    "-x509",
                    "-newkey",
                    "ec",
                    "-pkeyopt",
                    "ec_paramgen_curve:prime256v1",
                    "-nodes",
                    "-days",
                    "2",
                    "-subj",
                    "/CN=localhost",
                    "-addext",
                    "subjectAltName=DNS:localhost",
                    "-keyout",
                    key,
                    "-out",
                    certificate);
            process = new RedisProcess(
                    "--tls-port",
                    Integer.toString(port),
                    "--tls-cert-file",
                    certificate,
                    "--tls-key-file",
                    key,
                    "--tls-auth-clients",
                    "no",
                    "--aclfile",
                    ShippedUsers.file("users.acl"));
            process.launch();
            Map<String, String> settings = new HashMap<>(
                    RedisServer.settings("rediss://users-service:" + ShippedUsers.PASSWORD + "@localhost:" + port));
            settings.put("quarkus.redis.tls-configuration-name", "redis");
            settings.put("quarkus.tls.redis.trust-store.pem.certs", certificate);
            settings.put("quarkus.tls.redis.hostname-verification-algorithm", "HTTPS");
            return settings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(command[0] + " failed");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The same Redis without TLS, for a look. */
    public RedisConnection asTests() {
        return new RedisConnection(process.uri("tests"));
    }

    /** After {@link RedisServer}, which the tests of a module share. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(RedisOverTls.class));
    }

    @Override
    public void stop() {
        if (process != null) {
            process.stop();
        }
    }
}
