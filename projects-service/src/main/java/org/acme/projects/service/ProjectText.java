package org.acme.projects.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a project is called and what it is about.
 *
 * @param name one line of 1 to {@value #LONGEST_NAME} characters, without blanks around it
 * @param description any lines, {@value #LONGEST_DESCRIPTION} characters at most; may be empty
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
        String oneLine = name == null ? "" : name.strip();
        // Browsers end the lines of a form with both.
        String lines =
                description == null ? "" : description.replace("\r\n", "\n").strip();
        List<InvalidProjectException.Fault> faults = new ArrayList<>();
        if (oneLine.isEmpty()) {
            faults.add(new InvalidProjectException.Fault("name", "Give the project a name."));
        } else if (characters(oneLine) > LONGEST_NAME) {
            faults.add(new InvalidProjectException.Fault("name", atMost(LONGEST_NAME)));
        } else if (oneLine.codePoints().anyMatch(Character::isISOControl)) {
            faults.add(new InvalidProjectException.Fault("name", "Use one line, without control characters."));
        }
        if (characters(lines) > LONGEST_DESCRIPTION) {
            faults.add(new InvalidProjectException.Fault("description", atMost(LONGEST_DESCRIPTION)));
        } else if (lines.codePoints().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
            faults.add(new InvalidProjectException.Fault("description", "Use no control characters."));
        }
        if (!faults.isEmpty()) {
            throw new InvalidProjectException(faults);
        }
        return new ProjectText(oneLine, lines);
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String atMost(int characters) {
        return "Use at most " + characters + " characters.";
    }
}
