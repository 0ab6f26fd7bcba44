package org.acme.session.internal.store;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A part of a name that is looked for in any case, in every script: Ö finds ö, however either is written (one letter, or one
 * with a combining mark), ß finds SS, and i finds İ. An accent counts: o does not find ö.
 *
 * @param folded the same for texts that differ in case alone
 */
public record AnyCase(String folded) {

    /** Nothing else than these, or their capitals, is folded to these; a, say, is what is left of ẚ, and k of the Kelvin sign. */
    private static final Pattern PLAIN = Pattern.compile("[bcdegmopqruvxz0-9@._-]+");

    public static AnyCase of(String text) {
        return new AnyCase(fold(text));
    }

    public boolean isIn(String text) {
        return fold(text).contains(folded);
    }

    /**
     * A pattern of Redis, which knows bytes and no letters: it finds too much, and never too little. One run of plain letters is
     * enough for most names, and more than one would have Redis try all ways to put them.
     */
    String pattern() {
        String run = PLAIN.matcher(folded)
                .results()
                .map(MatchResult::group)
                .reduce("", (longest, next) -> next.length() > longest.length() ? next : longest);
        StringBuilder pattern = new StringBuilder("*");
        for (char c : run.toCharArray()) {
            if (Character.isLetter(c)) {
                pattern.append('[').append(c).append(Character.toUpperCase(c)).append(']');
            } else {
                pattern.append(c);
            }
        }
        return run.isEmpty() ? "*" : pattern.append('*').toString();
    }

    /** Down, up and down again: some letters meet only as capitals (ß and SS, ς and σ), others only as small ones. */
    private static String fold(String text) {
        String upper = Normalizer.normalize(text, Normalizer.Form.NFC)
                .toLowerCase(Locale.ROOT)
                .toUpperCase(Locale.ROOT);
        // Java writes a Σ at the end of a word in another way; the dot of İ stays behind as a mark.
        String lower = upper.toLowerCase(Locale.ROOT).replace('ς', 'σ').replace("i\u0307", "i");
        return Normalizer.normalize(lower, Normalizer.Form.NFC);
    }
}
