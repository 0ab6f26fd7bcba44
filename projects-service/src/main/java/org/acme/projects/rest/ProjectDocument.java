package org.acme.projects.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.acme.projects.service.Member;
import org.acme.projects.service.Person;
import org.acme.projects.service.Project;
import org.acme.projects.service.SharedProject;

/**
 * A project as scripts see it.
 *
 * @param archivedAt absent while it is not archived
 * @param role what the caller is to it; absent in lists, as are the members
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProjectDocument(
        String id,
        String name,
        String description,
        OwnerDocument owner,
        Instant createdAt,
        long version,
        Instant archivedAt,
        String role,
        List<MemberDocument> members) {

    /** Issuer and subject name the owner; the name is for reading. */
    record OwnerDocument(String issuer, String subject, String name) {}

    /** @param id names the member in URLs */
    record MemberDocument(String id, String issuer, String subject, String name) {

        static MemberDocument of(Member member) {
            Person person = member.person();
            return new MemberDocument(person.key(), person.issuer(), person.subject(), member.name());
        }
    }

    static ProjectDocument of(Project project) {
        return of(project, null, null);
    }

    static ProjectDocument of(SharedProject shared) {
        return of(
                shared.project(),
                shared.role().name().toLowerCase(Locale.ROOT),
                shared.members().stream().map(MemberDocument::of).toList());
    }

    private static ProjectDocument of(Project project, String role, List<MemberDocument> members) {
        return new ProjectDocument(
                project.id(),
                project.text().name(),
                project.text().description(),
                new OwnerDocument(project.owner().issuer(), project.owner().subject(), project.ownerName()),
                project.createdAt(),
                project.version(),
                project.archivedAt().orElse(null),
                role,
                members);
    }
}
