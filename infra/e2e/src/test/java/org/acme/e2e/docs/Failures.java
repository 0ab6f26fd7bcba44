package org.acme.e2e.docs;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a script of bash hands to {@code fail} and {@code warn} in double quotes, with "…" for each value. */
final class Failures {

    private static final Pattern CALL = Pattern.compile("(?m)^(?![ \\t]*#).*?(?<![\\w-])(?:fail|warn) (?=\")");
    private static final Pattern NEXT_WORD = Pattern.compile("(?: |\\\\\\n)+(?=\")");
    private static final Pattern VARIABLE = Pattern.compile("\\w+|[*@]");

    private final String source;
    private int at;

    private Failures(String source, int at) {
        this.source = source;
        this.at = at;
    }

    static Set<String> of(String source) {
        Set<String> found = new TreeSet<>();
        Matcher call = CALL.matcher(source);
        while (call.find()) {
            found.add(new Failures(source, call.end()).words());
        }
        return found;
    }

    private String words() {
        StringBuilder words = new StringBuilder(quoted());
        Matcher next = NEXT_WORD.matcher(source);
        while (next.region(at, source.length()).lookingAt()) {
            at = next.end();
            words.append(' ').append(quoted());
        }
        return words.toString();
    }

    private String quoted() {
        StringBuilder text = new StringBuilder();
        for (at++; source.charAt(at) != '"'; ) {
            switch (source.charAt(at)) {
                case '\\' -> {
                    text.append(source.charAt(at + 1));
                    at += 2;
                }
                case '$' -> {
                    text.append('…');
                    at++;
                    expansion();
                }
                default -> text.append(source.charAt(at++));
            }
        }
        at++;
        return text.toString();
    }

    /** Goes behind {@code name}, {@code {…}} or {@code (…)}, of which the latter two hold further ones. */
    private void expansion() {
        char open = source.charAt(at);
        if (open != '(' && open != '{') {
            Matcher variable = VARIABLE.matcher(source).region(at, source.length());
            at = variable.lookingAt() ? variable.end() : at + 1;
            return;
        }
        char close = open == '(' ? ')' : '}';
        int depth = 0;
        do {
            depth += source.charAt(at) == open ? 1 : source.charAt(at) == close ? -1 : 0;
            at++;
        } while (depth > 0);
    }
}
