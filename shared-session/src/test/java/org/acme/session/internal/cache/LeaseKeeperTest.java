package org.acme.session.internal.cache;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.acme.session.internal.config.TestConfig;
import org.acme.session.spi.SignOffTransport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeaseKeeperTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final LeaseKeeper keeper =
            keeper("cache.lease-duration", "50ms", "cache.lease-renew-interval", "20ms", "cache.rest-after", "200ms");

    private static LeaseKeeper keeper(String... settings) {
        return new LeaseKeeper(
                null, null, TestConfig.with(settings), noTransport(), new CacheMetrics(new SimpleMeterRegistry()));
    }

    @Test
    @DisplayName("an instance that no request uses rests after a while, and the next request ends that at once")
    void rests() {
        assertTimeoutPreemptively(TIMEOUT, () -> {
            while (keeper.isInUse()) {
                Thread.onSpinWait();
            }
        });
        keeper.used();
        assertTrue(keeper.isInUse());
    }

    private static Stream<Supplier<Uni<Void>>> aRedisInTrouble() {
        return Stream.of(
                () -> Uni.createFrom().nothing(),
                () -> Uni.createFrom().failure(new IllegalStateException("Connection is closed")),
                () -> {
                    throw new IllegalStateException("The pool is closed");
                },
                () -> Uni.createFrom().voidItem());
    }

    @ParameterizedTest
    @MethodSource("aRedisInTrouble")
    @DisplayName(
            "F48: an instance that ends while Redis hangs ends in time, and nothing is thrown past those who come after")
    void endsWhateverRedisDoes(Supplier<Uni<Void>> redis) {
        assertTimeoutPreemptively(TIMEOUT, () -> assertDoesNotThrow(() -> keeper.giveBack(redis)));
    }

    @SuppressWarnings("unchecked")
    private static Instance<SignOffTransport> noTransport() {
        return (Instance<SignOffTransport>) Proxy.newProxyInstance(
                LeaseKeeperTest.class.getClassLoader(),
                new Class<?>[] {Instance.class},
                (proxy, asked, arguments) -> false);
    }
}
