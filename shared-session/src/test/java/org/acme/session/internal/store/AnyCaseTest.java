package org.acme.session.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.acme.session.contract.Keys;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnyCaseTest {

    private static RealStore redis;

    @BeforeAll
    static void start() {
        redis = new RealStore();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ö, Björn ÖLAF",
        "ÖLAF, ölaf",
        "O\u0308laf, ölaf",
        "ölaf, O\u0308LAF",
        "strasse, Große Straße",
        "STRAẞE, strasse",
        "große, GROSSE",
        "istanbul, İstanbul",
        "İSTANBUL, istanbul",
        "ısparta, ISPARTA",
        "οδός, ΟΔΌΣ",
        "Σ, οδος",
        "жанна, ЖАННА",
        "ﬁnn, FINN",
        "\u212Aelvin, kelvin",
        "bob, BoB",
        "b*b, b*b",
        "[x], a[X]b",
        "?, what?",
        "\\, back\\slash",
        "\uD801\uDC28, \uD801\uDC00"
    })
    @DisplayName(
            "F49 L7: a name is found in any case, in every script, however its letters are written; Redis holds nothing back")
    void isFound(String wanted, String name) {
        AnyCase any = AnyCase.of(wanted);
        assertTrue(any.isIn(name), () -> any + " in " + AnyCase.of(name));
        redis.guest().send("DEL", Keys.USERS);
        redis.guest().send("ZADD", Keys.USERS, "1", name);
        assertTrue(
                redis.guest()
                        .send("ZSCAN", Keys.USERS, "0", "MATCH", any.pattern())
                        .toString()
                        .contains(name),
                any::pattern);
    }

    @ParameterizedTest
    @CsvSource({"o, ö", "ö, o", "b*b, bob", "a?, ab", "[ab], a"})
    @DisplayName("F49: an accent counts, and nothing stands for anything else")
    void isNotFound(String wanted, String name) {
        assertFalse(AnyCase.of(wanted).isIn(name));
    }

    @Test
    void redisIsAskedForWhatItKnows() {
        assertEquals("*[bB][oO][bB]*", AnyCase.of("Bob").pattern());
        assertEquals("*[cC][eE]*", AnyCase.of("Alice").pattern());
        assertEquals("*", AnyCase.of("Öß*").pattern());
    }
}
