package org.acme.projects.rest;

import java.util.Map;
import java.util.stream.Collectors;
import org.acme.projects.service.InvalidProjectException;
import org.acme.projects.service.Project;
import org.acme.projects.service.ProjectText;

/**
 * The form for a project's text as it is shown: what was typed stays, whatever became of it.
 *
 * @param name what was typed
 * @param description what was typed
 * @param nameWrong what to change about the name; empty when nothing is wrong
 * @param descriptionWrong the same for the description
 */
record ProjectForm(String name, String description, String nameWrong, String descriptionWrong) {

    static final ProjectForm EMPTY = new ProjectForm("", "", "", "");

    static ProjectForm of(Project project) {
        return typed(project.text().name(), project.text().description());
    }

    static ProjectForm typed(String name, String description) {
        return new ProjectForm(name == null ? "" : name, description == null ? "" : description, "", "");
    }

    ProjectForm wrong(InvalidProjectException invalid) {
        Map<String, String> messages = invalid.faults().stream()
                .collect(Collectors.toMap(
                        InvalidProjectException.Fault::field, InvalidProjectException.Fault::message, (a, b) -> a));
        return new ProjectForm(
                name, description, messages.getOrDefault("name", ""), messages.getOrDefault("description", ""));
    }

    ProjectForm wrongName(String message) {
        return new ProjectForm(name, description, message, "");
    }

    public int longestDescription() {
        return ProjectText.LONGEST_DESCRIPTION;
    }

    /**
     * What a field takes before the browser cuts silently. That is more than may be saved, so that what is too long comes back
     * with words; and together less than the limit of a body, at nine bytes for each of the UTF-16 units that browsers count.
     */
    public int nameField() {
        return 500;
    }

    public int descriptionField() {
        return 6000;
    }
}
