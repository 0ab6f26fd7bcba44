package org.acme.session.internal.cache;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.acme.session.contract.TokenSeal;
import org.acme.session.internal.config.TestConfig;
import org.acme.session.spi.SignOffTransport;
import org.acme.session.testing.TestSessions;

/** Loads are answered by hand, and the lease is given and taken by hand: nothing here waits for time to pass. */
abstract class CacheUnderLease {

    static final String SESSION = "hash-of-a-session";

    static final Predicate<LiveSession> GOOD = live -> true;

    final List<CompletableFuture<Optional<LiveSession>>> loads = new ArrayList<>();

    final Supplier<Uni<Optional<LiveSession>>> load = () -> {
        CompletableFuture<Optional<LiveSession>> answer = new CompletableFuture<>();
        loads.add(answer);
        return Uni.createFrom().completionStage(answer);
    };

    LeaseKeeper keeper;

    NearCache cache;

    CacheUnderLease() {
        build("cache.lease-duration", "1h", "cache.ttl", "1h");
    }

    void build(String... settings) {
        var config = TestConfig.with(settings);
        var metrics = new CacheMetrics(new SimpleMeterRegistry());
        keeper = new LeaseKeeper(null, null, config, someTransport(), metrics);
        cache = new NearCache(
                keeper,
                new SessionEndNotifier(),
                new InvalidatedSessions(config),
                metrics,
                TokenSeal.of(config.encryption().keys()),
                config);
    }

    @SuppressWarnings("unchecked")
    static Instance<SignOffTransport> someTransport() {
        return (Instance<SignOffTransport>) Proxy.newProxyInstance(
                CacheUnderLease.class.getClassLoader(),
                new Class<?>[] {Instance.class},
                (proxy, asked, arguments) -> asked.getName().equals("isResolvable"));
    }

    void giveLease() {
        long now = System.nanoTime();
        keeper.lease().renewed(now);
        keeper.lease().heard(now);
    }

    CompletableFuture<Optional<LiveSession>> ask() {
        return ask(SESSION, GOOD);
    }

    CompletableFuture<Optional<LiveSession>> ask(String session, Predicate<LiveSession> stillGood) {
        return cache.get(session, stillGood, load).subscribeAsCompletionStage();
    }

    static LiveSession alive(String name) {
        return new LiveSession(TestSessions.sessionOf(name), null, Instant.MAX);
    }

    CompletableFuture<Optional<LiveSession>> look() {
        return cache.look(SESSION, GOOD, load).subscribeAsCompletionStage();
    }
}
