package org.acme.session.internal.http;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.Random;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.common.util.MediaTypeHelper;
import org.jboss.resteasy.reactive.server.core.request.AcceptHeaders;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptFieldsTest {

    private static final String[] WORDS = {
        "text", "html", "/", "*", ",", ";", "q", "=", "0.5", ".5", "1", "\"", "\\", " ", "charset", "utf-8", "en", "-",
        "\t", "é", "Q", ";q="
    };

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2 => text/html, image/gif, image/jpeg, */*",
                "text/html, => text/html",
                ",text/html => text/html",
                "text/html,,*/* => text/html, */*",
                "text/html ;q=0.5 => text/html;q=0.5",
                "text/html;Q=0.5 => text/html;q=0.5",
                "text/html;q=1.5 => text/html",
                "text/html;charset= => text/html",
                "text/html;level;q=0.3 => text/html;q=0.3",
                "text/html;q=0.5;ext=1 => text/html;q=0.5",
                "text/html;a=\"b,c;d\";q=0.1,x/y => text/html;a=\"b,c;d\";q=0.1, x/y",
                "text/html;a=\"b,c => text/html",
                "* => ``",
                "text => ``",
                ",,; => ``",
            })
    @DisplayName("E8: of an Accept header counts what is in order")
    void mediaTypes(String header, String good) {
        assertEquals(good, AcceptFields.mediaTypes(header));
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = " => ",
            quoteCharacter = '`',
            value = {
                "en-US, => en-US",
                "en,,de => en, de",
                "en-US,en;q=0.9; => en-US, en;q=0.9",
                "de;q=0,5 => de;q=0, 5",
                "en;Q=0.5 => en;q=0.5",
                "*;q=.5 => *",
                "en;level=1 => en",
                "en US => ``",
            })
    @DisplayName("E8: of an Accept-Language header counts what is in order")
    void languages(String header, String good) {
        assertEquals(good, AcceptFields.words(header));
    }

    @Test
    @DisplayName(
            "E8: Quarkus reads whatever is left of 50,000 headers that are made up, and what browsers send stays as it"
                    + " is")
    void madeUp() {
        Random random = new Random(12);
        for (int i = 0; i < 50_000; i++) {
            String header = random.ints(random.nextInt(20), 0, WORDS.length)
                    .mapToObj(word -> WORDS[word])
                    .collect(Collectors.joining());
            String types = AcceptFields.mediaTypes(header);
            String words = AcceptFields.words(header);
            assertDoesNotThrow(() -> AcceptHeaders.getMediaTypeQualityValues(types), () -> header + " => " + types);
            if (!types.isEmpty()) {
                assertDoesNotThrow(() -> MediaTypeHelper.parseHeader(types), () -> header + " => " + types);
            }
            assertDoesNotThrow(() -> AcceptHeaders.getLocaleQualityValues(words), () -> header + " => " + words);
            assertEquals(types, AcceptFields.mediaTypes(types), header);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"", "a/b;", ",", "a/b;q=\"\\", "text/html;a=\"b\"", " "})
    @DisplayName("E8: a header of 16,000 characters takes no time")
    void long16000(String piece) {
        String header = piece.repeat(16_000 / piece.length());
        assertTimeoutPreemptively(Duration.ofSeconds(1), () -> AcceptFields.mediaTypes(header));
    }
}
