package org.acme.session.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class CookieHeaderTest {

    @TestFactory
    @DisplayName("C3, C5: reads every header as the cookie library of Express does")
    Stream<DynamicTest> readsAsExpressDoes() {
        return Vectors.list("cookie-headers", "parsed").map(vector -> {
            String header = vector.path("header").textValue();
            return dynamicTest(
                    "'" + header + "'", () -> assertEquals(value(vector), CookieHeader.first(List.of(header), "sso")));
        });
    }

    private static Optional<String> value(JsonNode vector) {
        return Optional.ofNullable(vector.path("value").textValue());
    }

    @Test
    @DisplayName("C5: of several header lines the first with that name counts")
    void theFirstLineCounts() {
        assertEquals(Optional.of("1"), CookieHeader.first(List.of("a=b", "c=d; sso=1", "sso=2"), "sso"));
        assertEquals(Optional.empty(), CookieHeader.first(List.of(), "sso"));
    }

    @Test
    @DisplayName("C3: a megabyte of separators is read in one pass")
    void longHeadersAreReadInOnePass() {
        String header = ";".repeat(500_000) + "=".repeat(500_000) + ";sso=1";
        assertEquals(Optional.of("1"), CookieHeader.first(List.of(header), "sso"));
    }
}
