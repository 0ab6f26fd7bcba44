package org.acme.session.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.TokenSeal;

/** A sealed text: what opens says what was sealed for that place, however it was changed on the way. */
public final class SealFuzz {

    private static final TokenSeal SEAL = TokenSeal.of(List.of(
            "test:b25seS1mb3ItdGVzdHMtMDEyMzQ1Njc4OTAxMjM0NTY=", "old:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="));
    private static final TokenSeal.Place HERE = new TokenSeal.Place("key", "field", "1");
    private static final TokenSeal.Place THERE = new TokenSeal.Place("key", "field", "2");

    private SealFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        // Nobody can make one without the key.
        assertEquals(Optional.empty(), open(text));
        assertEquals(Optional.empty(), open("test." + text));

        String sealed = SEAL.seal(text, HERE);
        assertEquals(Optional.of(text), open(sealed));
        assertThrows(DamagedRecordException.class, () -> SEAL.open(sealed, THERE));

        StringBuilder changed = new StringBuilder(sealed);
        for (int i = 0; i + 1 < input.length && i < 8; i += 2) {
            changed.setCharAt(Byte.toUnsignedInt(input[i]) % changed.length(), (char) (input[i + 1] & 0x7F));
        }
        open(changed.toString()).ifPresent(opened -> assertEquals(text, opened));
    }

    private static Optional<String> open(String sealed) {
        try {
            return Optional.of(SEAL.open(sealed, HERE));
        } catch (DamagedRecordException damaged) {
            return Optional.empty();
        }
    }
}
