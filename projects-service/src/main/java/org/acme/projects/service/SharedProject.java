package org.acme.projects.service;

import java.util.List;

/**
 * A project with the people it is shared with, as one viewer may see it.
 *
 * @param members by name
 * @param role what the viewer is to the project
 */
public record SharedProject(Project project, List<Member> members, Role role) {

    public SharedProject {
        members = List.copyOf(members);
    }

    public boolean mayChange() {
        return role == Role.OWNER;
    }
}
