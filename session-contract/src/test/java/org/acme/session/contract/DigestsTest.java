package org.acme.session.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DigestsTest {

    private static final JsonNode VECTORS = Vectors.file("sealed-tokens").path("digests");

    @Test
    @DisplayName("a session is named by the SHA-256 of its id")
    void sessionsAreNamedByTheirHash() {
        JsonNode session = VECTORS.path("session");
        assertEquals(
                session.path("hash").textValue(),
                new SessionId(session.path("id").textValue()).hash());
    }

    @Test
    @DisplayName("I9: issuer and sid are one name, with NUL between them")
    void pairsAreSeparatedByNul() {
        JsonNode pair = VECTORS.path("pair");
        assertEquals(
                pair.path("hash").textValue(),
                Digests.sha256(
                        pair.path("first").textValue(), pair.path("second").textValue()));
        assertEquals(Digests.sha256("a", "b"), Digests.sha256("a\0b"));
    }

    @Test
    @DisplayName("I9: no two pairs have the same name")
    void nulCannotBePartOfAValue() {
        for (List<String> pair : List.of(List.of("a\0", "b"), List.of("a", "\0b"))) {
            assertThrows(IllegalArgumentException.class, () -> Digests.sha256(pair.get(0), pair.get(1)));
        }
    }
}
