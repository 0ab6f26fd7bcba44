package org.acme.projects.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusMock;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.faulttolerance.api.CircuitBreakerMaintenance;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.acme.session.testing.RedisServer;
import org.eclipse.microprofile.faulttolerance.exceptions.CircuitBreakerOpenException;
import org.eclipse.microprofile.rest.client.inject.RestClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When the users service is asked no more. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class UsersClientTest {

    @Inject
    UsersClient users;

    @Inject
    CircuitBreakerMaintenance breakers;

    private final AtomicInteger asked = new AtomicInteger();
    private Supplier<Uni<List<KnownPerson>>> answer;

    @BeforeEach
    void scripted() {
        UsersApi scripted = subjects -> {
            asked.incrementAndGet();
            return answer.get();
        };
        QuarkusMock.installMockForType(scripted, UsersApi.class, RestClient.LITERAL);
    }

    @AfterEach
    void closed() {
        breakers.resetAll();
    }

    private List<KnownPerson> ask() {
        return users.people(List.of("somebody")).await().indefinitely();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 413, 414, 429, 431})
    @DisplayName(
            "F15, E8: what the users service refuses to one person is no failure: not asked twice, and others ask on")
    void refusalsAreNoFailures(int status) {
        answer = () -> Uni.createFrom()
                .failure(UsersApi.refused(Response.status(status).build()));
        for (int i = 0; i < 50; i++) {
            assertThrows(CallersFaultException.class, this::ask);
        }
        assertEquals(50, asked.get());
        answer = () -> Uni.createFrom().item(List.of());
        assertEquals(List.of(), ask());
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 500, 502, 503, 504})
    void illnessIsNoRefusal(int status) {
        assertNull(UsersApi.refused(Response.status(status).build()));
        assertNull(UsersServiceApi.refused(Response.status(status).build()));
        assertNull(UsersServiceApi.refused(Response.status(429).build()));
        assertInstanceOf(
                CallersFaultException.class,
                UsersServiceApi.refused(Response.status(403).build()));
    }

    @Test
    @DisplayName("F15: a users service that is ill is left alone for a while")
    void failuresCount() {
        answer = () -> Uni.createFrom().failure(new IllegalStateException("ill"));
        for (int i = 0; i < 8; i++) {
            assertThrows(RuntimeException.class, this::ask);
        }
        int before = asked.get();
        assertThrows(CircuitBreakerOpenException.class, this::ask);
        assertEquals(before, asked.get());
        assertTrue(before <= 16, "each is asked twice at most");
    }
}
