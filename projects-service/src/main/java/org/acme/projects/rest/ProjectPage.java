package org.acme.projects.rest;

import java.time.Instant;
import java.util.List;
import org.acme.projects.service.Member;
import org.acme.projects.service.Project;
import org.acme.projects.service.Role;
import org.acme.projects.service.SharedProject;

/** A project as its own page shows it. TimeExtensions that have not come are null. */
record ProjectPage(
        String id,
        String name,
        String description,
        String ownerName,
        Instant created,
        Instant changed,
        String changedBy,
        Instant archived,
        long version,
        long textVersion,
        List<Row> members,
        boolean namesMayBeOld,
        String role,
        boolean mayChange) {

    /** A member, or who may become one. */
    record Row(String key, String name) {

        static Row of(Member member) {
            return new Row(member.person().key(), member.name());
        }
    }

    static ProjectPage of(SharedProject shared) {
        Project project = shared.project();
        return new ProjectPage(
                project.id(),
                project.text().name(),
                project.text().description(),
                project.ownerName(),
                project.createdAt(),
                project.lastChange().map(Project.Change::at).orElse(null),
                project.lastChange().map(Project.Change::byName).orElse(""),
                project.archivedAt().orElse(null),
                project.version(),
                project.textVersion(),
                shared.members().stream().map(Row::of).toList(),
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
