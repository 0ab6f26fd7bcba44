package org.acme.projects.service;

import java.util.Objects;
import java.util.Optional;

/**
 * Who looks at projects.
 *
 * @param person who it is; owns what this viewer creates
 * @param name what to call the person
 * @param fullName the name in full, if the provider told it
 * @param administrator whether this viewer sees everybody's projects
 */
public record Viewer(Person person, String name, Optional<String> fullName, boolean administrator) {

    public Viewer {
        Objects.requireNonNull(person);
        Objects.requireNonNull(name);
        Objects.requireNonNull(fullName);
    }

    /** What this viewer is to a project; empty for those who may not know of it. */
    Optional<Role> roleIn(Project project, Iterable<Member> members) {
        if (person.equals(project.owner())) {
            return Optional.of(Role.OWNER);
        }
        for (Member member : members) {
            if (person.equals(member.person())) {
                return Optional.of(Role.MEMBER);
            }
        }
        return administrator ? Optional.of(Role.ADMINISTRATOR) : Optional.empty();
    }
}
