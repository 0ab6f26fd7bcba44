package org.acme.projects.rest;

import java.util.List;
import org.acme.projects.service.Project;
import org.acme.projects.service.Role;
import org.acme.projects.service.SharedProject;
import org.acme.projects.service.Viewer;

/**
 * A project as its own page shows it. Moments that have not come are null.
 *
 * @param you who looks, for the page to know whose typing it keeps
 */
record ProjectPage(
        String you,
        String id,
        String name,
        String description,
        String ownerName,
        Moment created,
        Moment changed,
        String changedBy,
        Moment archived,
        long version,
        long textVersion,
        List<Row> members,
        boolean namesMayBeOld,
        String role,
        boolean mayChange) {

    /** A member. */
    record Row(String key, String name) {}

    static ProjectPage of(Viewer viewer, SharedProject shared) {
        Project project = shared.project();
        return new ProjectPage(
                viewer.person().key(),
                project.id(),
                project.text().name(),
                project.text().description(),
                project.ownerName(),
                Moment.of(project.createdAt()),
                project.lastChange().map(change -> Moment.of(change.at())).orElse(null),
                project.lastChange().map(Project.Change::byName).orElse(""),
                project.archivedAt().map(Moment::of).orElse(null),
                project.version(),
                project.textVersion(),
                shared.members().stream()
                        .map(member -> new Row(member.person().key(), member.name()))
                        .toList(),
                shared.namesMayBeOld(),
                role(shared.role()),
                shared.mayChange());
    }

    private static String role(Role role) {
        return switch (role) {
            case OWNER -> "It is yours.";
            case MEMBER -> "It is shared with you: you can read it.";
            case ADMINISTRATOR -> "You see it as an administrator: you can read it.";
        };
    }
}
