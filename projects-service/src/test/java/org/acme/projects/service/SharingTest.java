package org.acme.projects.service;

import static org.acme.projects.service.TestStore.await;
import static org.acme.projects.service.TestStore.names;
import static org.acme.projects.service.TestStore.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.acme.projects.service.RefusedException.Reason;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who may do what, and what happens when several do it at once; on a real Redis. */
class SharingTest {

    private static final Viewer ALICE = viewer("https://idp.example", "alice", false);
    private static final Viewer BOB = viewer("https://idp.example", "bob", false);
    private static final Viewer CAROL = viewer("https://idp.example", "carol", false);
    private static final Viewer ROOT = viewer("https://idp.example", "root", true);

    private static TestStore test;

    private KnownPeople directory;
    private Projects projects;
    private String id;

    @BeforeAll
    static void start() {
        test = new TestStore();
    }

    @AfterAll
    static void stop() {
        test.close();
    }

    @BeforeEach
    void alicesProject() {
        test.command(Command.FLUSHALL);
        directory = new KnownPeople(ALICE, BOB, CAROL, ROOT);
        projects = test.projects(directory);
        id = await(projects.create(ALICE, text("Apollo"))).id();
        await(projects.list(BOB, Selection.OWN, OptionalLong.empty()));
    }

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
    void ofManyWhoSawTheSameTextOneSavesAndTheOthersAreTold() {
        List<Boolean> saved = await(Multi.createFrom()
                .range(0, 20)
                .onItem()
                .transformToUni(i -> projects.edit(ALICE, id, 1, text("Apollo " + i))
                        .replaceWith(true)
                        .onFailure(SharingTest::isConflict)
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

    @Test
    @DisplayName("F36: the user name of the provider grants, in any case; who has it need not have been here")
    void aUserNameGrants() {
        assertEquals(CAROL.person(), await(share(ALICE, id, " Carol ")).person());
        refused(Reason.WHO, () -> share(ALICE, id, "nobody"));
        refused(Reason.WHO, () -> share(ALICE, id, ""));
        refused(Reason.WHO, () -> share(ALICE, id, " \u200B\u00A0"));
        refused(Reason.WHO, () -> share(ALICE, id, "n".repeat(256)));
        refused(Reason.WHO, () -> share(ALICE, id, "c\u0430rol")); // with a Cyrillic a
        refused(Reason.WHO, () -> share(ALICE, id, "alice"));
    }

    @Test
    @DisplayName(
            "F36: a full name grants nothing: whoever chose it is suggested by user name, and somebody has to say so")
    void aFullNameIsASuggestion() {
        isHere(CAROL, "Bob the Builder");
        isHere(BOB, "BOB the Builder ");

        RefusedException refused =
                assertThrows(RefusedException.class, () -> await(share(ALICE, id, "bob the builder")));
        assertEquals(
                List.of(new Member(BOB.person(), "bob"), new Member(CAROL.person(), "carol")), refused.suggestions());
        assertEquals(
                List.of(),
                await(projects.find(ALICE, id)).orElseThrow().members(),
                "nothing is shared before somebody says so");
    }

    @Test
    @DisplayName("F36: whose full name it is cannot be told just now: that is said, and not that there is nobody")
    void suggestionsThatCannotBeTold() {
        isHere(BOB, "Bob the Builder");
        directory.namesNobody();
        RefusedException refused =
                assertThrows(RefusedException.class, () -> await(share(ALICE, id, "bob the builder")));
        assertTrue(refused.getMessage().contains("cannot be asked just now"), refused.getMessage());
    }

    @Test
    @DisplayName("F36 I9: who calls himself by somebody's user name, here or at another provider, gets nothing")
    void nobodyTakesAnotherOnesUserName() {
        Viewer mallory = viewer("https://idp.example", "mallory", false);
        directory.called("mallory", mallory.person());
        isHere(mallory, "bob");
        isHere(viewer("https://other.example", "bob", false), "bob");
        isHere(viewer("https://other.example", "dave", false), "Dave Bowman");

        assertEquals(BOB.person(), await(share(ALICE, id, "bob")).person());
        refused(Reason.WHO, () -> share(ALICE, id, "dave"));
        assertEquals(
                List.of(),
                assertThrows(RefusedException.class, () -> await(share(ALICE, id, "Dave Bowman")))
                        .suggestions(),
                "people of other providers have no user name here");
    }

    @Test
    @DisplayName("F36: whose user name has changed is found by the new one only, and another may have the old one")
    void userNamesChangeHands() {
        directory.called("robert", BOB.person());
        refused(Reason.WHO, () -> share(ALICE, id, "bob"));

        directory.called("bob", CAROL.person());
        Supplier<Uni<?>> confirmed =
                () -> projects.share(ALICE, id, "bob", Optional.of(BOB.person().key()));
        refused(Reason.WHO, confirmed);
        assertEquals(List.of(), await(projects.find(ALICE, id)).orElseThrow().members());
        assertEquals(BOB.person(), await(share(ALICE, id, "robert")).person());
    }

    @Test
    @DisplayName("F36: while the provider cannot be asked who is who, nobody is taken for anybody")
    void whileTheDirectoryIsAway() {
        isHere(CAROL, "bob");
        directory.isAway();
        refused(Reason.WHO, () -> share(ALICE, id, "bob"));
        assertEquals(List.of(), await(projects.find(ALICE, id)).orElseThrow().members());
    }

    private void isHere(Viewer viewer, String fullName) {
        await(projects.list(
                new Viewer(viewer.person(), viewer.name(), Optional.of(fullName), false),
                Selection.OWN,
                OptionalLong.empty()));
    }

    private Uni<Member> share(Viewer viewer, String project, String userName) {
        return projects.share(viewer, project, userName, Optional.empty());
    }

    @Test
    void whoIsForgottenStaysAMember() {
        await(share(ALICE, id, "bob"));
        test.command(Command.DEL, ProjectKeys.person(BOB.person()));

        assertEquals(
                List.of(new Member(BOB.person(), "bob")),
                await(projects.find(ALICE, id)).orElseThrow().members());
    }

    @Test
    void whatIsKeptOfPeopleHasATimeToLiveAndProjectsHaveNone() {
        await(share(ALICE, id, "bob"));

        Set<String> mortal = StreamSupport.stream(
                        test.command(Command.KEYS, "*").spliterator(), false)
                .map(Object::toString)
                .filter(key -> test.command(Command.TTL, key).toLong() > 0)
                .map(key -> key.split(":")[2])
                .collect(Collectors.toSet());
        assertEquals(Set.of("person", "called"), mortal);
    }

    @Test
    @DisplayName("L9: a project of the first days, without the fields that came later, is read and changed")
    void anOldProjectIsRead() {
        String old = "an-old-one";
        test.command(
                Command.HSET,
                ProjectKeys.project(old),
                "id",
                old,
                "number",
                "7",
                "name",
                "Old",
                "issuer",
                ALICE.person().issuer(),
                "subject",
                ALICE.person().subject(),
                "ownerName",
                "alice",
                "createdAt",
                "1700000000");
        test.command(Command.ZADD, ProjectKeys.ownedBy(ALICE.person()), "7", old);

        Project read = await(projects.find(ALICE, old)).orElseThrow().project();
        assertEquals(new ProjectText("Old", ""), read.text());
        assertEquals(1, read.version());

        assertEquals(2, await(projects.edit(ALICE, old, read.textVersion(), text("New"))));
        assertEquals(3, await(projects.archive(ALICE, old, OptionalLong.of(2))));
        assertEquals(List.of("New"), names(projects.list(ALICE, Selection.ARCHIVED, OptionalLong.empty())));
    }

    @Test
    void everyKeyIsUnderTheServicesOwnPrefix() {
        await(share(ALICE, id, "bob"));
        await(projects.archive(ALICE, id, OptionalLong.empty()));

        StreamSupport.stream(test.command(Command.KEYS, "*").spliterator(), false)
                .forEach(key -> assertTrue(key.toString().startsWith("projects:{all}:"), key::toString));
    }

    private Project project() {
        return await(projects.find(ALICE, id)).orElseThrow().project();
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

    private static void refused(Reason reason, Supplier<Uni<?>> change) {
        RefusedException refused = assertThrows(RefusedException.class, () -> await(change.get()));
        assertEquals(reason, refused.reason());
    }

    private static boolean isConflict(Throwable failure) {
        return reason(failure) == Reason.CHANGED_MEANWHILE;
    }

    private static Reason reason(Throwable failure) {
        return failure instanceof RefusedException refused ? refused.reason() : null;
    }

    private static Viewer viewer(String issuer, String name, boolean administrator) {
        return new Viewer(new Person(issuer, name), name, Optional.of(name + " in full"), administrator);
    }
}
