package org.acme.projects.rest;

import org.acme.projects.service.Project;

/** A project as the pages show it. */
record ListedProject(String id, String name, String ownerName, Moment created) {

    static ListedProject of(Project project) {
        return new ListedProject(
                project.id(), project.name().text(), project.ownerName(), Moment.of(project.createdAt()));
    }
}
