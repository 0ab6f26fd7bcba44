package org.acme.session.internal.store;

import static org.acme.session.internal.store.RealStore.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.impl.types.ErrorType;
import io.vertx.redis.client.impl.types.SimpleStringType;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.stream.Stream;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.Script;
import org.acme.session.contract.ScriptCall;
import org.acme.session.internal.config.TestConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the client says of a connection that died depends on the moment at which it did, which a real Redis cannot be made to
 * choose. ({@link StoreOutageTest} kills connections of a real one.)
 */
class DeadConnectionsTest {

    private static final List<String> KEYS = List.of("key");
    private static final int CONNECTIONS = 7;

    private Throwable failure;
    private int failures;
    private int asked;
    private int pings;

    private final RedisGateway gateway =
            new RedisGateway(redis(), new StoreMetrics(new SimpleMeterRegistry()), TestConfig.with(), CONNECTIONS);

    private Redis redis() {
        return (Redis) Proxy.newProxyInstance(
                Redis.class.getClassLoader(),
                new Class<?>[] {Redis.class},
                (redis, method, arguments) -> send((Request) arguments[0]));
    }

    private Future<Response> send(Request request) {
        if (request.command().equals(Command.PING)) {
            pings++;
            return Future.succeededFuture(SimpleStringType.create("PONG"));
        }
        return asked++ < failures
                ? Future.failedFuture(failure)
                : Future.succeededFuture(SimpleStringType.create("OK"));
    }

    private void fails(int times, Throwable with) {
        failures = times;
        failure = with;
    }

    static Stream<Throwable> deaths() {
        return Stream.of(
                ErrorType.create("CONNECTION_CLOSED"),
                new ClosedChannelException(),
                new SocketException("Connection reset"),
                new SocketException("Broken pipe"),
                new IllegalStateException("Connection is closed"));
    }

    @ParameterizedTest
    @MethodSource("deaths")
    @DisplayName("O2: a read is asked again, over another connection, as often as the pool may have dead ones")
    void readsAreAskedAgain(Throwable death) {
        fails(CONNECTIONS, death);
        assertEquals(
                "OK",
                await(gateway.run(new ScriptCall(Script.READ, KEYS, List.of()))).toString());
        assertEquals(CONNECTIONS + 1, asked);
    }

    @ParameterizedTest
    @MethodSource("deaths")
    @DisplayName("O2: what writes is not: it may have been done")
    void writesAreNot(Throwable death) {
        fails(1, death);
        assertThrows(
                SessionUnavailableException.class,
                () -> await(gateway.run(new ScriptCall(Script.END, KEYS, List.of()))));
        assertEquals(1, asked);
    }

    static Stream<Throwable> absences() {
        return Stream.of(
                new ConnectException("Connection refused"),
                new UnknownHostException("redis"),
                new NoRouteToHostException("No route to host"));
    }

    @ParameterizedTest
    @MethodSource("absences")
    @DisplayName("O2: a Redis that is unavailable is not asked again")
    void awayIsNotDead(Throwable absence) {
        fails(1, absence);
        assertThrows(
                SessionUnavailableException.class,
                () -> await(gateway.run(new ScriptCall(Script.READ, KEYS, List.of()))));
        assertEquals(1, asked);
    }

    @Test
    @DisplayName("O2: reading goes on for no longer than there can be dead connections")
    void notForEver() {
        fails(100, new SocketException("Connection reset"));
        assertThrows(
                SessionUnavailableException.class,
                () -> await(gateway.run(new ScriptCall(Script.READ, KEYS, List.of()))));
        assertEquals(CONNECTIONS + 1, asked);
    }

    @Test
    @DisplayName(
            "O2: with the first answer after trouble each connection of the pool is tried, once, for no write to find a dead one")
    void sweptOnce() {
        await(gateway.run(new ScriptCall(Script.READ, KEYS, List.of())));
        assertEquals(0, pings);

        fails(asked + 1, new ConnectException("Connection refused"));
        assertThrows(
                SessionUnavailableException.class,
                () -> await(gateway.run(new ScriptCall(Script.END, KEYS, List.of()))));
        assertEquals(0, pings);

        await(gateway.run(new ScriptCall(Script.READ, KEYS, List.of())));
        assertEquals(CONNECTIONS, pings);
        await(gateway.run(new ScriptCall(Script.READ, KEYS, List.of())));
        assertEquals(CONNECTIONS, pings);
    }
}
