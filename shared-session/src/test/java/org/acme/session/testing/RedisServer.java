package org.acme.session.testing;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;

/**
 * A real Redis for the tests of one module: Debian's {@code redis-server}, on a free loopback port, with a directory of its own.
 * Also usable without Quarkus: {@link #start()} and {@link #stop()}. A {@code @QuarkusTest} that wants to take it away has
 * it put into a field of this type.
 */
public final class RedisServer implements QuarkusTestResourceLifecycleManager {

    private static final Duration SYNC_LIMIT = Duration.ofSeconds(20);

    private final RedisProcess process = new RedisProcess(
            "--appendonly",
            "yes",
            "--appendfsync",
            "no",
            "--enable-debug-command",
            "local",
            "--repl-diskless-sync-delay",
            "0");

    @Override
    public Map<String, String> start() {
        try {
            process.launch();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return settings();
    }

    /**
     * What a service needs to start with this Redis and without a provider: nothing listens at the provider's address, so
     * that a test which asks it is told so at once.
     */
    public Map<String, String> settings() {
        return settings(uri());
    }

    static Map<String, String> settings(String hosts) {
        return Map.of(
                "quarkus.redis.hosts", hosts,
                "sso.base-url", "http://localhost:8081",
                "sso.cookie.secrets", "only-for-tests-0123456789-0123456789",
                "sso.encryption.keys", "test:b25seS1mb3ItdGVzdHMtMDEyMzQ1Njc4OTAxMjM0NTY=",
                "sso.providers.keycloak.url", "http://127.0.0.1:1/realms/sso",
                "sso.providers.keycloak.client-secret", "only-for-tests");
    }

    public String uri() {
        return process.uri();
    }

    public int port() {
        return process.port();
    }

    /** Ends the process as a crash would; {@link #launch()} brings it back on the same port, with what it had. */
    public void kill() {
        process.kill();
    }

    public void launch() throws IOException {
        process.launch();
    }

    /** Its connections stay open, and nothing answers until {@link #resume()}. */
    public void pause() {
        process.pause();
    }

    public void resume() {
        process.resume();
    }

    /** Becomes a replica of that master, and returns when it has what that has. */
    public void follow(RedisServer master) {
        try (RedisConnection redis = new RedisConnection(uri())) {
            redis.send("REPLICAOF", "127.0.0.1", Integer.toString(master.port()));
            long deadline = System.nanoTime() + SYNC_LIMIT.toNanos();
            while (!redis.text("INFO", "replication").contains("master_link_status:up")) {
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("no replica: " + redis.text("INFO", "replication"));
                }
                Thread.onSpinWait();
            }
        }
    }

    /** Becomes a master. */
    public void lead() {
        try (RedisConnection redis = new RedisConnection(uri())) {
            redis.send("REPLICAOF", "NO", "ONE");
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(RedisServer.class));
    }

    @Override
    public void stop() {
        process.stop();
    }
}
