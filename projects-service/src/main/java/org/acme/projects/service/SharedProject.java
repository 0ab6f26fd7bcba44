package org.acme.projects.service;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A project with the people it is shared with, as one viewer may see it.
 *
 * @param members by name
 * @param role what the viewer is to the project
 * @param namesMayBeOld whether members are called as they were when added, because nobody says what they are called now
 */
public record SharedProject(Project project, List<Member> members, Role role, boolean namesMayBeOld) {

    public SharedProject {
        members = List.copyOf(members);
    }

    /** With the members' names of now; empty when nobody says. */
    SharedProject called(Optional<Map<Person, String>> names) {
        List<Member> now = names.map(known -> members.stream()
                        .map(member -> new Member(member.person(), known.getOrDefault(member.person(), member.name())))
                        .toList())
                .orElse(members);
        return new SharedProject(project, now, role, names.isEmpty());
    }

    public boolean mayChange() {
        return role == Role.OWNER;
    }
}
