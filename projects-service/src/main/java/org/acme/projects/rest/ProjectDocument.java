package org.acme.projects.rest;

import java.time.Instant;
import org.acme.projects.service.Project;

/** A project as scripts see it. */
record ProjectDocument(String id, String name, OwnerDocument owner, Instant createdAt) {

    /** Issuer and subject name the owner; the name is for reading. */
    record OwnerDocument(String issuer, String subject, String name) {}

    static ProjectDocument of(Project project) {
        return new ProjectDocument(
                project.id(),
                project.name().text(),
                new OwnerDocument(project.owner().issuer(), project.owner().subject(), project.ownerName()),
                project.createdAt());
    }
}
