package org.acme.projects.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectTextTest {

    @Test
    void losesTheBlanksAroundIt() {
        assertEquals("Apollo 11", ProjectText.typed(" \u2003Apollo 11\t", "").name());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "   ", "\t\n", "\u2003"})
    void isNeverEmptyOrBlank(String input) {
        assertThrows(InvalidProjectException.class, () -> ProjectText.typed(input, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "ü", "🚀"})
    void hasUpToOneHundredCharactersAsPeopleCountThem(String character) {
        String longest = character.repeat(100);
        assertEquals(longest, ProjectText.typed(longest, "").name());
        assertThrows(InvalidProjectException.class, () -> ProjectText.typed(longest + "x", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "bell\u0007", "nul\u0000", "next\u0085line"})
    void isOneLineWithoutControlCharacters(String input) {
        assertThrows(InvalidProjectException.class, () -> ProjectText.typed(input, ""));
    }

    @Test
    void aDescriptionHasLinesAndMayBeMissing() {
        assertEquals("one\ntwo", ProjectText.typed("x", " one\r\ntwo\n").description());
        assertEquals("", ProjectText.typed("x", null).description());
        assertThrows(InvalidProjectException.class, () -> ProjectText.typed("x", "d".repeat(2001)));
        assertThrows(InvalidProjectException.class, () -> ProjectText.typed("x", "bell\u0007"));
    }

    @Test
    void everyFaultIsToldAtOnce() {
        InvalidProjectException invalid =
                assertThrows(InvalidProjectException.class, () -> ProjectText.typed("", "d".repeat(2001)));
        assertEquals(
                List.of("name", "description"),
                invalid.faults().stream()
                        .map(InvalidProjectException.Fault::field)
                        .toList());
    }
}
