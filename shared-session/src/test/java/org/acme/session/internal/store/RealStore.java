package org.acme.session.internal.store;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.acme.session.contract.BaseUrl;
import org.acme.session.contract.Identity;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.TokenSeal;
import org.acme.session.contract.Tokens;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.config.TestConfig;
import org.acme.session.internal.observability.SessionAudit;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;

/** The stores as a service has them, on a Redis of their own, and that Redis as a guest sees it. */
final class RealStore implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    /** The most that the pool has. */
    static final int CONNECTIONS = 6;

    final RedisServer server;
    final MeterRegistry meters = new SimpleMeterRegistry();
    final SsoConfig config;
    final TokenSeal seal;
    final RedisGateway gateway;
    final SessionStore sessions;
    final SessionIndex index;
    final LeaseRepository leases;
    final RefreshLock lock;
    private final Vertx vertx = Vertx.vertx();
    private RedisConnection guest;

    RealStore(String... settings) {
        this(begun(), settings);
    }

    private RealStore(RedisServer server, String... settings) {
        this(server, server.uri(), settings);
    }

    /** @param uri where the stores look for that Redis */
    RealStore(RedisServer server, String uri, String... settings) {
        this.server = server;
        config = TestConfig.with(settings);
        seal = TokenSeal.of(config.encryption().keys());
        Redis redis = Redis.createClient(
                vertx.getDelegate(), new RedisOptions().setConnectionString(uri).setMaxPoolSize(CONNECTIONS));
        gateway = new RedisGateway(redis, new StoreMetrics(meters), config, CONNECTIONS);
        sessions = new SessionStore(
                gateway,
                new DecodedSessions(seal, config),
                SessionAudit.in(meters),
                seal,
                BaseUrl.parse(config.baseUrl()),
                config);
        index = new SessionIndex(gateway, config);
        leases = new LeaseRepository(gateway);
        lock = new RefreshLock(gateway, config);
    }

    private static RedisServer begun() {
        RedisServer server = new RedisServer();
        server.start();
        return server;
    }

    AttributeStore attributesOf(String service) {
        return new AttributeStore(gateway, service);
    }

    /** Redis as another program sees it. */
    RedisConnection guest() {
        if (guest == null) {
            guest = new RedisConnection(server.uri());
        }
        return guest;
    }

    void forgetGuest() {
        guest = null;
    }

    SessionRecord created(String name, String... roles) {
        return created(TestSessions.sessionOf(name, roles));
    }

    SessionRecord created(SessionRecord session) {
        await(index.add(session));
        if (!await(sessions.create(session))) {
            throw new IllegalStateException("not created");
        }
        return session;
    }

    Optional<SessionRecord> peek(SessionId id) {
        return await(sessions.peek(id));
    }

    /** The milliseconds that a key has left. */
    long left(String key) {
        return guest().number("PTTL", key);
    }

    String field(SessionId id, String name) {
        return guest().text("HGET", Keys.record(id), name);
    }

    String expressJson(SessionId id) {
        return guest().text("GET", Keys.express(id));
    }

    static SessionRecord withTokens(SessionRecord session, Tokens tokens) {
        return new SessionRecord(
                session.id(),
                session.identity(),
                session.createdAt(),
                session.until(),
                session.device(),
                session.address(),
                tokens,
                session.tokensRev());
    }

    /** What a refresh brings to the session as it was at that revision. */
    static SessionRecord refreshed(SessionRecord session, long usedRev, Tokens tokens, Set<String> roles) {
        Identity user = session.identity();
        return new SessionRecord(
                        session.id(),
                        user,
                        session.createdAt(),
                        session.until(),
                        session.device(),
                        session.address(),
                        session.tokens(),
                        usedRev)
                .authenticated(session.authenticatedAt(), session.acr())
                .refreshed(tokens, user.saying(user.name(), roles, user.profile()));
    }

    /** The same where nothing is known but the id. */
    static SessionRecord refreshed(SessionId id, long usedRev, Tokens tokens, Set<String> roles) {
        SessionRecord any = TestSessions.sessionOf("anybody");
        return refreshed(
                SessionRecord.begin(id, any.identity(), any.createdAt(), any.until(), "", any.tokens()),
                usedRev,
                tokens,
                roles);
    }

    static SessionRecord until(SessionRecord session, java.time.Instant until) {
        return new SessionRecord(
                session.id(),
                session.identity(),
                session.createdAt(),
                until,
                session.device(),
                session.address(),
                session.tokens(),
                session.tokensRev());
    }

    /** L5. */
    Set<String> keysWithoutTimeToLive() {
        return Set.copyOf(guest().keysWithoutTimeToLive());
    }

    /** How often Redis has run each command, the ones that ask for it left out. */
    Map<String, Long> commands() {
        Map<String, Long> calls = new java.util.TreeMap<>();
        for (String line : guest().text("INFO", "commandstats").split("\r\n")) {
            if (line.startsWith("cmdstat_") && !line.startsWith("cmdstat_info")) {
                calls.put(
                        line.substring("cmdstat_".length(), line.indexOf(':')),
                        Long.valueOf(line.substring(line.indexOf("calls=") + 6, line.indexOf(','))));
            }
        }
        return calls;
    }

    static <T> T await(Uni<T> uni) {
        return uni.await().atMost(TIMEOUT);
    }

    /** Begins all of them before it waits for any. */
    static <T> List<T> awaitAll(List<Uni<T>> unis) {
        return new ArrayList<>(await(Uni.join().all(unis).andCollectFailures()));
    }

    @Override
    public void close() {
        vertx.closeAndAwait();
        server.stop();
    }
}
