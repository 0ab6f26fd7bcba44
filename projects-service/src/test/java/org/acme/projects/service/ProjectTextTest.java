package org.acme.projects.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
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

    @ParameterizedTest
    @ValueSource(strings = {"d", "Ö", "中", "\uD83D\uDE00", "\u0301", "\u05E9", "\n."})
    @DisplayName("F25: 2,000 characters of any script, which are code points; a line's end is one, however it is sent")
    void hasTwoThousandCharactersOfAnyScript(String letters) {
        String longest = "." + letters.repeat(1998 / letters.codePointCount(0, letters.length())) + ".";
        assertEquals(longest, ProjectText.typed("x", longest).description());
        assertEquals(
                longest, ProjectText.typed("x", longest.replace("\n", "\r\n")).description());
        assertEquals(
                "Use at most 2000 characters. These are 2001.",
                assertThrows(InvalidProjectException.class, () -> ProjectText.typed("x", longest + "x"))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00A0",
                "\u200B",
                "\uFEFF",
                "\u3164",
                "\u2800",
                "\u202E\u202C",
                "\uFE0F",
                " \u00AD \u2060 ",
                "\u2028"
            })
    @DisplayName("F25: a name that nobody can see is none")
    void isVisible(String invisible) {
        assertThrows(InvalidProjectException.class, () -> ProjectText.typed(invisible, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"half \uD83D", "half \uDE00 a letter", "separated\u2028line", "para\u2029graph"})
    @DisplayName("F25: half a letter is none, and a line has no end in the middle")
    void isWholeLettersOnOneLine(String input) {
        assertThrows(InvalidProjectException.class, () -> ProjectText.typed(input, ""));
        assertThrows(
                InvalidProjectException.class,
                () -> ProjectText.typed("x", input.replace('\u2028', '\uD83D').replace('\u2029', '\uD83D')));
    }

    @Test
    @DisplayName("F25: writing from right to left needs marks, and keeps them")
    void keepsWhatSaysTheDirection() {
        String text = "\u2067שלום\u2069 (a\u200Fb)";
        assertEquals(text, ProjectText.typed(text, text).name());
        assertEquals(text, ProjectText.typed(text, text).description());
        assertEquals("a\nb\nc", ProjectText.typed("x", "\u00A0a\rb\r\nc\u3000").description());
    }
}
