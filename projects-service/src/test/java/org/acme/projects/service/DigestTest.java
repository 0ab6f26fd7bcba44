package org.acme.projects.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DigestTest {

    private static final Person ALICE = new Person("https://issuer.test", "alice");
    private static final Person GONE = new Person("https://issuer.test", "gone");
    private static final Digest EMPTY = new Digest(LocalDate.EPOCH, 0, 0);

    @Test
    @DisplayName(
            "A6 the digest tells whose owner the directory does not have; the same subject of another issuer is another")
    void ownersThatAreGoneAreCounted() {
        Digest digest = EMPTY.and(
                List.of(ALICE, GONE, new Person("https://other.test", "alice")), Optional.of(Map.of(ALICE, "alice")));
        assertEquals(new Digest(LocalDate.EPOCH, 3, 2), digest);
    }

    @Test
    @DisplayName("a directory that is unavailable makes the number unknown, whatever comes after")
    void unknownStaysUnknown() {
        Digest unknown = EMPTY.and(List.of(GONE), Optional.empty());
        assertEquals(
                new Digest(LocalDate.EPOCH, 2, Digest.UNKNOWN),
                unknown.and(List.of(ALICE), Optional.of(Map.of(ALICE, "alice"))));
    }
}
