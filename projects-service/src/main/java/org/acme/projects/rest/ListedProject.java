package org.acme.projects.rest;

import org.acme.projects.service.Project;

/** A project as lists show it. */
record ListedProject(String id, String name, String ownerName, Moment created, boolean archived) {

    static ListedProject of(Project project) {
        return new ListedProject(
                project.id(),
                project.text().name(),
                project.ownerName(),
                Moment.of(project.createdAt()),
                project.archived());
    }
}
