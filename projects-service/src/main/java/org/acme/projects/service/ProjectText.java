package org.acme.projects.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.acme.projects.service.InvalidProjectException.Fault;

/**
 * What a project is called and what it is about. A character is a Unicode code point, for the page, the API and the messages
 * alike: as many emoji as letters. A family of four may count as seven, as all who count code points do.
 *
 * @param name one line of 1 to {@value #LONGEST_NAME} characters, without blanks around it
 * @param description any lines, {@value #LONGEST_DESCRIPTION} characters at most, a line's end being one; may be empty
 */
public record ProjectText(String name, String description) {

    public static final int LONGEST_NAME = 100;
    public static final int LONGEST_DESCRIPTION = 2000;

    public ProjectText {
        Objects.requireNonNull(name);
        Objects.requireNonNull(description);
    }

    /**
     * The text that somebody typed.
     *
     * @throws InvalidProjectException with a message for that person at each field that is wrong
     */
    public static ProjectText typed(String name, String description) {
        String oneLine = Letters.trimmed(name);
        String lines = Letters.trimmed(description);
        List<Fault> faults = new ArrayList<>();
        if (Letters.isBlank(oneLine)) {
            faults.add(new Fault("name", "Give the project a name."));
        } else if (Letters.count(oneLine) > LONGEST_NAME) {
            faults.add(new Fault("name", atMost(LONGEST_NAME, oneLine)));
        } else if (any(oneLine, c -> Letters.isControl(c) || Letters.endsLine(c))) {
            faults.add(new Fault("name", "Use one line, without control characters."));
        }
        if (Letters.count(lines) > LONGEST_DESCRIPTION) {
            faults.add(new Fault("description", atMost(LONGEST_DESCRIPTION, lines)));
        } else if (any(lines, c -> Letters.isControl(c) && c != '\n' && c != '\t')) {
            faults.add(new Fault("description", "Use no control characters."));
        }
        if (!faults.isEmpty()) {
            throw new InvalidProjectException(faults);
        }
        return new ProjectText(oneLine, lines);
    }

    private static boolean any(String text, IntPredicate what) {
        return text.codePoints().anyMatch(what);
    }

    private static String atMost(int characters, String text) {
        return "Use at most " + characters + " characters. These are " + Letters.count(text) + ".";
    }
}
