package org.acme.session.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.acme.session.contract.TokenSeal.Place;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TokenSealTest {

    private static final String ONE = "one:" + Base64.getEncoder().encodeToString(new byte[32]);
    private static final String TWO = "two:" + Base64.getEncoder().encodeToString(filled(32, 1));
    private static final Place PLACE = new Place("{sess:x}:sso", "access", "1");
    private static final String TOKEN = "a.token-ü-\uD83D\uDD11";

    @Test
    @DisplayName("L10: the key that authenticates acknowledgements is derived as others derive it")
    void derivesTheKeyOfAcknowledgements() {
        JsonNode vector = Vectors.file("acknowledgements");
        TokenSeal seal = TokenSeal.of(List.of(vector.path("encryptionKey").textValue()));
        assertEquals(vector.path("key").textValue(), HexFormat.of().formatHex(seal.deriveKey("session news")));
    }

    @TestFactory
    @DisplayName("L10: opens what another implementation has sealed")
    Stream<DynamicTest> opensWhatOthersSealed() {
        return Vectors.list("sealed-tokens", "sealed")
                .map(vector -> dynamicTest(
                        vector.path("field").textValue(),
                        () -> assertEquals(
                                Vectors.text(vector, "text"),
                                TokenSeal.of(List.of(vector.path("key").textValue()))
                                        .open(
                                                vector.path("sealed").textValue(),
                                                new Place(
                                                        vector.path("redisKey").textValue(),
                                                        vector.path("field").textValue(),
                                                        vector.path("version").textValue())))));
    }

    @Test
    @DisplayName("L10: keys rotate: the first seals, all open, a removed one opens nothing")
    void keysRotate() {
        TokenSeal before = TokenSeal.of(List.of(ONE));
        TokenSeal overlap = TokenSeal.of(List.of(TWO, ONE));
        TokenSeal after = TokenSeal.of(List.of(TWO));

        assertEquals(TOKEN, overlap.open(before.seal(TOKEN, PLACE), PLACE));
        assertEquals(TOKEN, after.open(overlap.seal(TOKEN, PLACE), PLACE));
        assertDamaged(after, before.seal(TOKEN, PLACE), PLACE);
    }

    @Test
    @DisplayName("L10: a sealed token moved to another session, field or version does not open")
    void whatWasMovedDoesNotOpen() {
        TokenSeal seal = TokenSeal.of(List.of(ONE));
        String sealed = seal.seal(TOKEN, PLACE);
        assertDamaged(seal, sealed, new Place("{sess:y}:sso", "access", "1"));
        assertDamaged(seal, sealed, new Place("{sess:x}:sso", "refresh", "1"));
        assertDamaged(seal, sealed, new Place("{sess:x}:sso", "access", "2"));
        assertEquals(TOKEN, seal.open(sealed, PLACE));
    }

    @Test
    @DisplayName("L10: another key of the same name opens nothing")
    void theNameAloneOpensNothing() {
        String sealed = TokenSeal.of(List.of(ONE)).seal(TOKEN, PLACE);
        assertDamaged(TokenSeal.of(List.of(TWO.replace("two:", "one:"))), sealed, PLACE);
    }

    @Test
    @DisplayName("L10: every changed, missing or added byte is noticed")
    void everyChangedByteIsNoticed() {
        TokenSeal seal = TokenSeal.of(List.of(ONE));
        byte[] sealed = bytes(seal.seal(TOKEN, PLACE));
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertDamaged(seal, text(changed), PLACE);
            assertDamaged(seal, text(Arrays.copyOf(sealed, i)), PLACE);
        }
        assertDamaged(seal, text(Arrays.copyOf(sealed, sealed.length + 1)), PLACE);
        for (String nonsense : List.of("", "one", "one.", ".", "one.!!!", "one.====", "two." + TOKEN, "\0.\0")) {
            assertDamaged(seal, nonsense, PLACE);
        }
    }

    @Test
    @DisplayName("L10: the same token is never sealed to the same text twice")
    void noNonceIsUsedTwice() {
        TokenSeal seal = TokenSeal.of(List.of(ONE));
        assertNotEquals(seal.seal(TOKEN, PLACE), seal.seal(TOKEN, PLACE));
        assertFalse(seal.seal(TOKEN, PLACE).contains(TOKEN));
    }

    @Test
    void keysMayBeWrittenInEitherAlphabet() {
        byte[] key = filled(32, 0xfb);
        String plain = "k:" + Base64.getEncoder().encodeToString(key);
        String url = "k:" + Base64.getUrlEncoder().withoutPadding().encodeToString(key);
        assertNotEquals(plain, url);
        String sealed = TokenSeal.of(List.of(plain)).seal(TOKEN, PLACE);
        assertEquals(TOKEN, TokenSeal.of(List.of(url)).open(sealed, PLACE));
    }

    @Test
    @DisplayName("L11: an unusable key stops the start, and is not printed")
    void unusableKeysAreRefused() {
        String key = ONE.substring("one:".length());
        for (List<String> keys : List.of(
                List.<String>of(),
                List.of(key),
                List.of(":" + key),
                List.of("na.me:" + key),
                List.of("x".repeat(33) + ":" + key),
                List.of("one:"),
                List.of("one:" + key.substring(4)),
                List.of("one:" + Base64.getEncoder().encodeToString(new byte[33])),
                List.of("one:" + key.replace('A', '*')),
                List.of("one:=" + key),
                List.of(ONE, ONE))) {
            String why = assertThrows(IllegalArgumentException.class, () -> TokenSeal.of(keys), keys.toString())
                    .getMessage();
            assertFalse(why.contains("AAAA"), why);
        }
    }

    @Test
    @DisplayName("L10: keys for other purposes are derived, never shared")
    void derivedKeysDiffer() {
        var derived = Vectors.file("sealed-tokens").path("digests").path("derived");
        TokenSeal seal = TokenSeal.of(List.of("k:" + derived.path("key").textValue(), ONE));
        byte[] expected = Base64.getDecoder().decode(derived.path("is").textValue());
        assertArrayEquals(expected, seal.deriveKey(derived.path("purpose").textValue()));
        assertFalse(Arrays.equals(expected, seal.deriveKey("another purpose")));
    }

    @Test
    @DisplayName("L10: a seal for another purpose has other keys under the same names, and they rotate as these do")
    void sealsForOtherPurposes() {
        TokenSeal tokens = TokenSeal.of(List.of(ONE));
        String sealed = tokens.forPurpose("a purpose").seal(TOKEN, PLACE);
        assertEquals(
                TOKEN, TokenSeal.of(List.of(TWO, ONE)).forPurpose("a purpose").open(sealed, PLACE));
        assertDamaged(tokens, sealed, PLACE);
        assertDamaged(tokens.forPurpose("another purpose"), sealed, PLACE);
    }

    private static void assertDamaged(TokenSeal seal, String sealed, Place place) {
        String why = assertThrows(DamagedRecordException.class, () -> seal.open(sealed, place))
                .getMessage();
        assertTrue(why.startsWith(place.field()), why);
        assertTrue(sealed.length() < 20 || !why.contains(sealed), why);
    }

    private static byte[] bytes(String sealed) {
        return Base64.getUrlDecoder().decode(sealed.substring(sealed.indexOf('.') + 1));
    }

    private static String text(byte[] sealed) {
        return "one." + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed);
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
