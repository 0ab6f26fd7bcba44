package org.acme.projects.service;

import java.time.Instant;
import java.util.Optional;

/**
 * A project.
 *
 * @param id random, stands in its URL
 * @param number counts up with every project created; orders lists
 * @param text name and description
 * @param owner whose it is
 * @param ownerName what the owner was called when creating it
 * @param createdAt by the store's clock
 * @param version counts up with every change of whatever belongs to the project
 * @param textVersion the version that name and description are from
 * @param lastChange when and by whom name and description were changed; empty when they are as created
 * @param archivedAt since when it is archived; empty when it is not
 */
public record Project(
        String id,
        long number,
        ProjectText text,
        Person owner,
        String ownerName,
        Instant createdAt,
        long version,
        long textVersion,
        Optional<Change> lastChange,
        Optional<Instant> archivedAt) {

    /** When and by whom. */
    public record Change(Instant at, String byName) {}

    public boolean archived() {
        return archivedAt.isPresent();
    }
}
