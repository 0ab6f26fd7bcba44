package org.acme.projects.service;

import java.util.List;

/** What was typed cannot be a project's text. The messages tell the person who typed it what to change. */
public final class InvalidProjectException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What is wrong with one field. */
    public record Fault(String field, String message) {}

    private final transient List<Fault> faults;

    InvalidProjectException(List<Fault> faults) {
        super(faults.get(0).message());
        this.faults = List.copyOf(faults);
    }

    /** At least one. */
    public List<Fault> faults() {
        return faults;
    }
}
