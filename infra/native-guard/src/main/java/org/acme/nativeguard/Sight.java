package org.acme.nativeguard;

import java.util.List;
import java.util.Locale;

/**
 * Something that was reached in a way that a native build cannot follow.
 *
 * @param type the class's binary name; of a resource or a bundle, its name; of a proxy, its interfaces with commas between
 * @param member the method with its parameter types, or the field; empty where all were asked for
 * @param caller {@code class#method}
 * @param initializing the classes whose static initializers were running, innermost first
 */
record Sight(Kind kind, String type, String member, String caller, List<String> initializing) {

    enum Kind {
        TYPE,
        CONSTRUCTOR,
        METHOD,
        FIELD,
        RESOURCE,
        PROXY,
        SERVICE,
        BUNDLE;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    String line() {
        return String.join("\t", kind.name(), type, member, caller, String.join(",", initializing));
    }

    static Sight parse(String line) {
        String[] parts = line.split("\t", -1);
        return new Sight(
                Kind.valueOf(parts[0]),
                parts[1],
                parts[2],
                parts[3],
                parts[4].isEmpty() ? List.of() : List.of(parts[4].split(",")));
    }

    String described() {
        return kind.word() + " " + type + (member.isEmpty() ? "" : " " + member) + ", from " + caller;
    }
}
