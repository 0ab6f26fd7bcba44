package org.acme.session.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionIdTest {

    @Test
    @DisplayName("L1: 256 bits, and no bit that is always the same")
    void idsAre256RandomBits() {
        byte[] everSet = new byte[32];
        byte[] everClear = new byte[32];
        Set<SessionId> seen = new HashSet<>();
        for (int n = 0; n < 200; n++) {
            SessionId id = SessionId.random();
            byte[] bits = Base64.getUrlDecoder().decode(id.value());
            assertEquals(32, bits.length);
            assertTrue(seen.add(id));
            for (int i = 0; i < 32; i++) {
                everSet[i] |= bits[i];
                everClear[i] |= (byte) ~bits[i];
            }
        }
        for (int i = 0; i < 32; i++) {
            assertEquals(-1, everSet[i]);
            assertEquals(-1, everClear[i]);
        }
    }

    @Test
    @DisplayName("L11: printed, it is its fingerprint")
    void printsAsItsFingerprint() {
        SessionId id = SessionId.random();
        assertEquals("session " + id.hash().substring(0, 12), id.toString());
        assertFalse(id.toString().contains(id.value().substring(0, 6)));
        assertEquals(id.fingerprint(), SessionId.fingerprint(id.hash()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fifteen-letters",
                "sixteen-letters!",
                "sixteen-letters}",
                "sixteen-letters:",
                "sixteen-letters\n",
                "sixteen letters-",
                "ümlaut-and-more-of-it"
            })
    @DisplayName("L1: what could leave its Redis key is no id")
    void otherTextsAreNoIds(String text) {
        assertEquals(Optional.empty(), SessionId.of(text));
        String why = assertThrows(IllegalArgumentException.class, () -> new SessionId(text))
                .getMessage();
        assertTrue(text.isEmpty() || !why.contains(text), why);
    }

    @Test
    void longAndShortIdsOfGuestsAreIds() {
        assertTrue(SessionId.of("a".repeat(16)).isPresent());
        assertTrue(SessionId.of("a".repeat(128)).isPresent());
        assertTrue(SessionId.of("a".repeat(129)).isEmpty());
    }
}
