package org.acme.projects.service;

import static org.acme.projects.service.TestStore.await;
import static org.acme.projects.service.TestStore.names;
import static org.acme.projects.service.TestStore.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Multi;
import java.util.List;
import java.util.OptionalLong;
import org.acme.projects.service.RefusedException.Reason;
import org.junit.jupiter.api.Test;

/** Changes to a project, by several at once, and archiving. */
class ProjectChangesTest extends OneProject {

    @Test
    void ofManyWhoSawTheSameTextOneSavesAndTheOthersAreTold() {
        List<Boolean> saved = await(Multi.createFrom()
                .range(0, 20)
                .onItem()
                .transformToUni(i -> projects.edit(ALICE, id, 1, text("Apollo " + i))
                        .replaceWith(true)
                        .onFailure(ProjectChangesTest::isConflict)
                        .recoverWithItem(false))
                .merge(20)
                .collect()
                .asList());

        assertEquals(1, saved.stream().filter(it -> it).count());
        Project now = project();
        assertEquals(2, now.version());
        assertEquals(2, now.textVersion());
    }

    @Test
    void sharingDoesNotSpoilWhatSomebodyIsWriting() {
        await(share(ALICE, id, "bob"));
        await(projects.edit(ALICE, id, 1, text("written meanwhile")));

        refused(Reason.CHANGED_MEANWHILE, () -> projects.replace(ALICE, id, OptionalLong.of(2), text("a script's")));
        await(projects.replace(ALICE, id, OptionalLong.of(3), text("a script's")));
        assertEquals("a script's", project().text().name());
    }

    @Test
    void anArchivedProjectIsReadAndNotChangedUntilItIsRestored() {
        await(share(ALICE, id, "bob"));
        await(projects.archive(ALICE, id, OptionalLong.empty()));

        assertTrue(project().archived());
        assertEquals(List.of(), names(projects.list(ALICE, Selection.OWN, OptionalLong.empty())));
        assertEquals(List.of(), names(projects.list(BOB, Selection.SHARED, OptionalLong.empty())));
        assertEquals(List.of("Apollo"), names(projects.list(ALICE, Selection.ARCHIVED, OptionalLong.empty())));
        assertTrue(await(projects.find(BOB, id)).isPresent());
        refused(Reason.ARCHIVED, () -> projects.edit(ALICE, id, 1, text("late")));
        refused(Reason.ARCHIVED, () -> share(ALICE, id, "bob"));
        refused(Reason.ARCHIVED, () -> projects.unshare(ALICE, id, BOB.person().key()));

        long restored = await(projects.restore(ALICE, id));
        assertEquals(restored, await(projects.restore(ALICE, id)), "twice is as good as once");
        assertEquals(List.of("Apollo"), names(projects.list(ALICE, Selection.OWN, OptionalLong.empty())));
        assertEquals(List.of("Apollo"), names(projects.list(BOB, Selection.SHARED, OptionalLong.empty())));
        assertFalse(project().archived());
    }

    @Test
    void archivingCountsForTheLimitOfProjects() {
        for (int i = 1; i < TestStore.PER_OWNER; i++) {
            await(projects.create(ALICE, text("project " + i)));
        }
        await(projects.archive(ALICE, id, OptionalLong.empty()));
        refused(Reason.TOO_MANY_PROJECTS, () -> projects.create(ALICE, text("one too many")));
    }

    private static boolean isConflict(Throwable failure) {
        return reason(failure) == Reason.CHANGED_MEANWHILE;
    }
}
