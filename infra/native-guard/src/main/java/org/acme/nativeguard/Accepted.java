package org.acme.nativeguard;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What is not registered, and need not be: {@code accepted.txt}, which says why. */
final class Accepted {

    private record Rule(String line, Pattern caller, Pattern type) {}

    private final List<Rule> rules = new ArrayList<>();
    private final Set<Rule> used = new HashSet<>();

    Accepted(List<String> lines) {
        for (String line : lines) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] words = line.split(" +");
                if (words.length != 2) {
                    throw new IllegalArgumentException("A caller and a type are wanted: " + line);
                }
                rules.add(new Rule(line, pattern(words[0]), pattern(words[1])));
            }
        }
    }

    private static Pattern pattern(String text) {
        return Pattern.compile(Pattern.quote(text).replace("*", "\\E.*\\Q"));
    }

    boolean has(Sight sight) {
        for (Rule rule : rules) {
            if (rule.caller().matcher(sight.caller()).matches()
                    && rule.type().matcher(sight.type()).matches()) {
                used.add(rule);
                return true;
            }
        }
        return false;
    }

    List<String> unused() {
        return rules.stream()
                .filter(rule -> !used.contains(rule))
                .map(Rule::line)
                .toList();
    }
}
