package org.acme.projects.rest;

import java.time.Instant;
import org.acme.projects.service.Project;

/** A project as lists show it. */
record ListedProject(String id, String name, String ownerName, Instant created, boolean archived) {

    static ListedProject of(Project project) {
        return new ListedProject(
                project.id(), project.text().name(), project.ownerName(), project.createdAt(), project.archived());
    }
}
