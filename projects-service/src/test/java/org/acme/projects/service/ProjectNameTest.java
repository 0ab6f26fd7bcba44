package org.acme.projects.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectNameTest {

    @Test
    void losesTheBlanksAroundIt() {
        assertEquals("Apollo 11", ProjectName.typed(" \u2003Apollo 11\t").text());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "   ", "\t\n", "\u2003"})
    void isNeverEmptyOrBlank(String input) {
        assertThrows(InvalidProjectNameException.class, () -> ProjectName.typed(input));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "ü", "🚀"})
    void hasUpToOneHundredCharactersAsPeopleCountThem(String character) {
        String longest = character.repeat(100);
        assertEquals(longest, ProjectName.typed(longest).text());
        assertThrows(InvalidProjectNameException.class, () -> ProjectName.typed(longest + "x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "bell\u0007", "nul\u0000", "next\u0085line"})
    void isOneLineWithoutControlCharacters(String input) {
        assertThrows(InvalidProjectNameException.class, () -> ProjectName.typed(input));
    }
}
