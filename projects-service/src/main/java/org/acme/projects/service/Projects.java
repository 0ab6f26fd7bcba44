package org.acme.projects.service;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.OptionalLong;
import org.acme.projects.service.ProjectStore.Seen;
import org.acme.projects.service.RefusedException.Reason;

/**
 * Who sees and changes which projects. Everything fails with {@link ProjectsUnavailableException} when the store is unavailable;
 * changes fail with {@link RefusedException} when they are not made.
 */
@Singleton
public class Projects {

    private final ProjectStore store;
    private final People people;
    private final Directory directory;

    Projects(ProjectStore store, People people, Directory directory) {
        this.store = store;
        this.people = people;
        this.directory = directory;
    }

    /** One page of a viewer's projects, newest first. Everybody's are for administrators. */
    public Uni<ProjectList> list(Viewer viewer, Selection selection, OptionalLong before) {
        if (selection == Selection.ALL && !viewer.administrator()) {
            return Uni.createFrom()
                    .failure(new RefusedException(Reason.NOT_ALLOWED, "Everybody's projects are for administrators."));
        }
        return Uni.combine()
                .all()
                .unis(store.list(viewer.person(), selection, before), people.visit(viewer))
                .with((list, visited) -> list);
    }

    /** One project. What a viewer may not know of does not exist. */
    public Uni<Optional<SharedProject>> find(Viewer viewer, String id) {
        return Uni.combine()
                .all()
                .unis(store.find(id), people.visit(viewer))
                .with((found, visited) -> found.flatMap(it -> viewer.roleIn(it.project(), it.members())
                        .map(role -> new SharedProject(it.project(), it.members(), role, false))));
    }

    /** The same with its members called as they are now, if that can be told. */
    public Uni<Optional<SharedProject>> findWithNames(Viewer viewer, String id) {
        return find(viewer, id)
                .chain(found -> found.isEmpty()
                        ? Uni.createFrom().item(found)
                        : directory
                                .names(found.get().members().stream()
                                        .map(Member::person)
                                        .toList())
                                .map(names -> found.map(shared -> shared.called(names))));
    }

    public Uni<Project> create(Viewer viewer, ProjectText text) {
        return store.create(viewer.person(), viewer.name(), text);
    }

    /** Changes name and description, unless somebody else has since that version of them. */
    public Uni<Long> edit(Viewer viewer, String id, long seenTextVersion, ProjectText text) {
        return store.edit(viewer, id, Seen.text(seenTextVersion), text);
    }

    /** Changes name and description, unless anything about the project has changed since that version, if any is given. */
    public Uni<Long> replace(Viewer viewer, String id, OptionalLong seenVersion, ProjectText text) {
        return store.edit(viewer, id, Seen.whole(seenVersion), text);
    }

    /** Puts a project away. Twice is as good as once. */
    public Uni<Long> archive(Viewer viewer, String id, OptionalLong seenVersion) {
        return store.archive(viewer, id, Seen.whole(seenVersion));
    }

    public Uni<Long> restore(Viewer viewer, String id) {
        return store.restore(viewer, id);
    }

    /**
     * Shares a project with the person of that user name at the default provider. Whether there is one is told to owners only.
     *
     * @param meant the key of the person that was shown with that name, when one was: names change hands
     */
    public Uni<Member> share(Viewer viewer, String id, String userName, Optional<String> meant) {
        return mayChange(viewer, id)
                .chain(() -> people.named(userName))
                .invoke(member -> {
                    if (meant.isPresent() && !meant.get().equals(member.person().key())) {
                        throw new RefusedException(
                                Reason.WHO, "That user name is somebody else's by now. Look again who it is.");
                    }
                })
                .call(member -> store.addMember(viewer, id, member));
    }

    public Uni<Long> unshare(Viewer viewer, String id, String memberKey) {
        return store.removeMember(viewer, id, memberKey);
    }

    private Uni<Void> mayChange(Viewer viewer, String id) {
        return find(viewer, id).map(found -> {
            SharedProject project = found.orElseThrow(
                    () -> new RefusedException(Reason.NOT_FOUND, "No such project, or not yours to see."));
            if (!project.mayChange()) {
                throw new RefusedException(Reason.NOT_ALLOWED, "Only the owner of a project may change it.");
            }
            return null;
        });
    }
}
