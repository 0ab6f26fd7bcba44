package org.acme.projects.service;

import static org.acme.projects.service.TestStore.await;
import static org.acme.projects.service.TestStore.names;
import static org.acme.projects.service.TestStore.text;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.smallrye.mutiny.Multi;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.acme.projects.service.RefusedException.Reason;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who may do what with a project. */
class SharingTest extends OneProject {

    @Test
    void aMemberReadsAndDoesNotChange() {
        await(share(ALICE, id, "bob"));

        assertEquals(Optional.of(Role.MEMBER), await(projects.find(BOB, id)).map(SharedProject::role));
        assertEquals(List.of("Apollo"), names(projects.list(BOB, Selection.SHARED, OptionalLong.empty())));
        assertEquals(List.of(), names(projects.list(BOB, Selection.OWN, OptionalLong.empty())));
        assertEveryChangeIsRefused(BOB, Reason.NOT_ALLOWED);
    }

    @Test
    void anAdministratorReadsAndDoesNotChange() {
        assertEquals(
                Optional.of(Role.ADMINISTRATOR), await(projects.find(ROOT, id)).map(SharedProject::role));
        assertEquals(List.of("Apollo"), names(projects.list(ROOT, Selection.ALL, OptionalLong.empty())));
        assertEveryChangeIsRefused(ROOT, Reason.NOT_ALLOWED);
    }

    @Test
    void othersDoNotLearnThatItExists() {
        assertEquals(Optional.empty(), await(projects.find(BOB, id)));
        assertEveryChangeIsRefused(BOB, Reason.NOT_FOUND);
        refused(Reason.NOT_ALLOWED, () -> projects.list(BOB, Selection.ALL, OptionalLong.empty()));
    }

    @Test
    @DisplayName("I9: who has the owner's subject at another issuer is a stranger")
    void aNamesakeIsAStranger() {
        assertEveryChangeIsRefused(viewer("https://other.example", "alice", false), Reason.NOT_FOUND);
    }

    @Test
    void whoIsNoMemberAnyMoreDoesNotLearnThatItExists() {
        await(share(ALICE, id, "bob"));
        await(projects.unshare(ALICE, id, BOB.person().key()));

        assertEquals(Optional.empty(), await(projects.find(BOB, id)));
        assertEquals(List.of(), names(projects.list(BOB, Selection.SHARED, OptionalLong.empty())));
    }

    @Test
    void membersAreLimitedHoweverManyAreAddedAtOnce() {
        for (int i = 0; i < 12; i++) {
            directory.called("p" + i, new Person("https://idp.example", "p" + i));
        }
        List<Boolean> added = await(Multi.createFrom()
                .range(0, 12)
                .onItem()
                .transformToUni(i -> share(ALICE, id, "p" + i)
                        .replaceWith(true)
                        .onFailure(failure -> reason(failure) == Reason.TOO_MANY_MEMBERS)
                        .recoverWithItem(false))
                .merge(12)
                .collect()
                .asList());

        assertEquals(
                TestStore.MEMBERS_PER_PROJECT, added.stream().filter(it -> it).count());
        assertEquals(
                TestStore.MEMBERS_PER_PROJECT,
                await(projects.find(ALICE, id)).orElseThrow().members().size());
    }

    @Test
    void nobodyCanBeMadeAMemberOfProjectsWithoutEnd() {
        for (int i = 0; i < TestStore.PER_MEMBER; i++) {
            String next = await(projects.create(ALICE, text("project " + i))).id();
            await(share(ALICE, next, "bob"));
        }
        refused(Reason.TOO_MANY_MEMBERS, () -> share(ALICE, id, "bob"));
    }

    private void assertEveryChangeIsRefused(Viewer viewer, Reason reason) {
        long before = project().version();
        refused(reason, () -> projects.edit(viewer, id, 1, text("taken over")));
        refused(reason, () -> projects.replace(viewer, id, OptionalLong.empty(), text("taken over")));
        refused(reason, () -> projects.archive(viewer, id, OptionalLong.empty()));
        refused(reason, () -> projects.restore(viewer, id));
        refused(reason, () -> share(viewer, id, "bob"));
        refused(reason, () -> projects.unshare(viewer, id, BOB.person().key()));
        assertEquals(before, project().version());
    }
}
