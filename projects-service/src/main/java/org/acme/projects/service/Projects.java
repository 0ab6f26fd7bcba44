package org.acme.projects.service;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.OptionalLong;

/** Who sees and creates which projects. Everything fails with {@link ProjectsUnavailableException} when the store is away. */
@Singleton
public class Projects {

    private final ProjectStore store;

    Projects(ProjectStore store) {
        this.store = store;
    }

    /** A viewer's own projects, or everybody's for an administrator; newest first, one page of them. */
    public Uni<ProjectList> visibleTo(Viewer viewer, OptionalLong before) {
        return viewer.administrator() ? store.all(before) : store.ownedBy(viewer.user(), before);
    }

    /** One project. Somebody else's does not exist for those who may not see it. */
    public Uni<Optional<Project>> find(Viewer viewer, String id) {
        return store.find(id).map(found -> found.filter(viewer::maySee));
    }

    /** Creates a project of the viewer's; fails with {@link TooManyProjectsException} beyond the limit. */
    public Uni<Project> create(Viewer viewer, ProjectName name) {
        return store.create(viewer.user(), viewer.name(), name);
    }
}
