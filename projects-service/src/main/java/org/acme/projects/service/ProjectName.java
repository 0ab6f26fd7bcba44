package org.acme.projects.service;

import java.util.Objects;

/** A name that a project can have: one line of 1 to {@value #LONGEST} characters, without blanks around it. */
public record ProjectName(String text) {

    public static final int LONGEST = 100;

    public ProjectName {
        Objects.requireNonNull(text);
    }

    /**
     * The name that somebody typed.
     *
     * @throws InvalidProjectNameException with a message for that person
     */
    public static ProjectName typed(String input) {
        String text = input == null ? "" : input.strip();
        if (text.isEmpty()) {
            throw new InvalidProjectNameException("Give the project a name.");
        }
        if (text.codePointCount(0, text.length()) > LONGEST) {
            throw new InvalidProjectNameException("Use at most " + LONGEST + " characters.");
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw new InvalidProjectNameException("Use one line, without control characters.");
        }
        return new ProjectName(text);
    }
}
