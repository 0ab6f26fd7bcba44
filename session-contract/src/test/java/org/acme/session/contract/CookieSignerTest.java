package org.acme.session.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CookieSignerTest {

    private static final String NEW = "the-secret-that-signs-0123456789abcdef";
    private static final String OLD = "the-secret-before-it-0123456789abcdef";
    private static final SessionId ID = SessionId.random();

    @TestFactory
    @DisplayName("signs as express-session does, byte for byte")
    Stream<DynamicTest> signsAsExpressDoes() {
        return Vectors.list("signed-cookies", "signed").map(vector -> {
            SessionId id = new SessionId(vector.path("id").textValue());
            CookieSigner signer = new CookieSigner(Vectors.texts(vector, "secrets"));
            return dynamicTest(id.value(), () -> {
                String signed = signer.sign(id);
                assertEquals(vector.path("value").textValue(), signed);
                assertEquals(
                        vector.path("setCookie").textValue(),
                        SessionCookie.of(BaseUrl.parse("https://sso.example"), Optional.empty())
                                .set(signed));
            });
        });
    }

    @TestFactory
    @DisplayName("C3, C4, C5: accepts exactly the cookies that express-session accepts")
    Stream<DynamicTest> acceptsWhatExpressAccepts() {
        return Vectors.list("signed-cookies", "presented")
                .map(vector -> dynamicTest(
                        vector.path("why").textValue(),
                        () -> assertEquals(
                                Optional.ofNullable(vector.path("id").textValue()),
                                read(vector).map(SessionId::value))));
    }

    private static Optional<SessionId> read(JsonNode vector) {
        return CookieHeader.first(List.of(Vectors.text(vector, "header")), "sso")
                .flatMap(new CookieSigner(Vectors.texts(vector, "secrets"))::verify);
    }

    @Test
    @DisplayName("C4: while secrets overlap nobody is signed out, afterwards the old one opens nothing")
    void secretsRotate() {
        CookieSigner before = new CookieSigner(List.of(OLD));
        CookieSigner overlap = new CookieSigner(List.of(NEW, OLD));
        CookieSigner after = new CookieSigner(List.of(NEW));

        assertEquals(Optional.of(ID), overlap.verify(before.sign(ID)));
        assertEquals(Optional.of(ID), after.verify(overlap.sign(ID)));
        assertEquals(Optional.empty(), after.verify(before.sign(ID)));
    }

    @Test
    @DisplayName("C3: every single changed character is noticed")
    void everyChangedCharacterIsNoticed() {
        CookieSigner signer = new CookieSigner(List.of(NEW, OLD));
        String signed = signer.sign(ID);
        for (int i = 0; i < signed.length(); i++) {
            char other = signed.charAt(i) == 'A' ? 'B' : 'A';
            String changed = signed.substring(0, i) + other + signed.substring(i + 1);
            assertEquals(Optional.empty(), signer.verify(changed), "changed at " + i);
            assertEquals(Optional.empty(), signer.verify(signed.substring(0, i)), "cut at " + i);
        }
    }

    @Test
    @DisplayName("L1: a well-signed text that has not an id's form opens nothing, and reaches no Redis key")
    void signedTextsThatAreNoIdsAreRefused() {
        CookieSigner signer = new CookieSigner(List.of(NEW));
        for (String text : List.of(
                "short", "with}brace-and-sixteen", "with.dot-and-sixteen", "x".repeat(129), "ümlaut-and-sixteen")) {
            assertEquals(Optional.empty(), signer.verify(sign(text)), text);
        }
        assertEquals(Optional.of(new SessionId("x".repeat(128))), signer.verify(sign("x".repeat(128))));
    }

    /** As any other holder of the secret can. */
    private static String sign(String text) {
        byte[] mac = Digests.derive(NEW.getBytes(java.nio.charset.StandardCharsets.UTF_8), text);
        return "s:" + text + "."
                + java.util.Base64.getEncoder().withoutPadding().encodeToString(mac);
    }

    @Test
    @DisplayName("many threads sign and verify at once")
    void manyThreadsAtOnce() {
        CookieSigner signer = new CookieSigner(List.of(NEW, OLD));
        assertTrue(IntStream.range(0, 4000)
                .parallel()
                .mapToObj(i -> SessionId.random())
                .allMatch(id -> signer.verify(signer.sign(id)).equals(Optional.of(id))));
    }

    @Test
    @DisplayName("L11: too short a secret stops the start, and is not printed")
    void shortSecretsAreRefused() {
        for (List<String> secrets :
                List.of(List.of(""), List.of("only-31-characters-0123456789ab"), List.of(NEW, "short-one"))) {
            String why = assertThrows(IllegalArgumentException.class, () -> new CookieSigner(secrets))
                    .getMessage();
            assertTrue(why.contains("at least 32"), why);
            secrets.stream().filter(secret -> !secret.isEmpty()).forEach(secret -> assertFalse(why.contains(secret)));
        }
        assertThrows(IllegalArgumentException.class, () -> new CookieSigner(List.of()));
    }
}
