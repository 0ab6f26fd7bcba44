package org.acme.projects.service;

import java.util.Objects;

/**
 * Who looks at projects.
 *
 * @param user who it is; owns what this viewer creates
 * @param name what to call the user
 * @param administrator whether this viewer sees everybody's projects
 */
public record Viewer(Owner user, String name, boolean administrator) {

    public Viewer {
        Objects.requireNonNull(user);
        Objects.requireNonNull(name);
    }

    boolean maySee(Project project) {
        return administrator || user.equals(project.owner());
    }
}
