package org.acme.projects.service;

import java.text.Normalizer;
import java.util.Locale;

/** What people type, in any script. */
final class Letters {

    /** Letters by their class that show nothing: Hangul fillers, and the Braille pattern without dots. */
    private static final String EMPTY_LETTERS = "\u115F\u1160\u3164\uFFA0\u2800";

    private Letters() {}

    /** Without blanks around it. Browsers end the lines of a form by two characters, other programs by either of them. */
    static String trimmed(String typed) {
        if (typed == null) {
            return "";
        }
        String text = typed.replace("\r\n", "\n").replace('\r', '\n');
        int[] letters = text.codePoints().toArray();
        int from = 0;
        int to = letters.length;
        while (from < to && isSpace(letters[from])) {
            from++;
        }
        while (from < to && isSpace(letters[to - 1])) {
            to--;
        }
        return new String(letters, from, to - from);
    }

    static int count(String text) {
        return text.codePointCount(0, text.length());
    }

    /**
     * The same for texts that differ in case alone, or in how a letter with an accent is written. Twice down and once up, because
     * Unicode has letters that meet only there: ß and SS, ſ and s, ς and Σ.
     */
    static String folded(String text) {
        String upper = Normalizer.normalize(trimmed(text), Normalizer.Form.NFC)
                .toLowerCase(Locale.ROOT)
                .toUpperCase(Locale.ROOT);
        return Normalizer.normalize(
                upper.toLowerCase(Locale.ROOT).replace('ς', 'σ').replace("i\u0307", "i"), Normalizer.Form.NFC);
    }

    /** Whether there is nothing to see: a link of that name could not be clicked. */
    static boolean isBlank(String text) {
        return text.codePoints().allMatch(Letters::isInvisible);
    }

    /** What is no text, or only half a letter (a surrogate alone), which no store keeps. */
    static boolean isControl(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE;
    }

    static boolean endsLine(int c) {
        return c == '\n'
                || Character.getType(c) == Character.LINE_SEPARATOR
                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR;
    }

    private static boolean isSpace(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    private static boolean isInvisible(int c) {
        return isSpace(c)
                || Character.getType(c) == Character.FORMAT
                || isVariationSelector(c)
                || EMPTY_LETTERS.indexOf(c) >= 0;
    }

    private static boolean isVariationSelector(int c) {
        return c >= 0xFE00 && c <= 0xFE0F || c >= 0xE0100 && c <= 0xE01EF;
    }
}
