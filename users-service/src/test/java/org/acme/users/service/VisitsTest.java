package org.acme.users.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.smallrye.mutiny.Uni;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.acme.session.SessionAttributes;
import org.acme.session.SessionUnavailableException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class VisitsTest {

    private final Visits visits = new Visits();

    @Test
    void everyVisitCountsOneMore() {
        Attributes attributes = new Attributes();
        assertEquals(1, visits.countOneMore(attributes).await().indefinitely());
        assertEquals(2, visits.countOneMore(attributes).await().indefinitely());
    }

    @Test
    void whatIsNoNumberStartsAnew() {
        Attributes attributes = new Attributes();
        attributes.values.put("visits", "many");
        assertEquals(1, visits.countOneMore(attributes).await().indefinitely());
    }

    @Test
    @DisplayName("F57: a count that cannot be stored is lost, and the page is there")
    void whatCannotBeStoredIsLost() {
        Attributes attributes = new Attributes() {
            @Override
            public Uni<Void> put(String name, String value) {
                return Uni.createFrom().failure(new SessionUnavailableException("too many writers", null));
            }
        };
        assertEquals(1, visits.countOneMore(attributes).await().indefinitely());
        assertEquals(Map.of(), attributes.values);
    }

    @Test
    void anUnreachableStoreIsReportedAsSuch() {
        SessionUnavailableException away = new SessionUnavailableException("away", null);
        Attributes attributes = new Attributes() {
            @Override
            public Uni<Optional<String>> get(String name) {
                return Uni.createFrom().failure(away);
            }
        };
        Uni<Long> count = visits.countOneMore(attributes);
        assertSame(away, assertThrows(SessionUnavailableException.class, () -> count.await()
                .indefinitely()));
    }

    private static class Attributes implements SessionAttributes {

        final Map<String, String> values = new HashMap<>();

        @Override
        public Uni<Optional<String>> get(String name) {
            return Uni.createFrom().item(() -> Optional.ofNullable(values.get(name)));
        }

        @Override
        public Uni<Void> put(String name, String value) {
            return Uni.createFrom().voidItem().invoke(() -> values.put(name, value));
        }

        @Override
        public Uni<Void> remove(String name) {
            return Uni.createFrom().voidItem().invoke(() -> values.remove(name));
        }
    }
}
