package org.acme.projects.service;

import static org.acme.projects.service.TestStore.await;
import static org.acme.projects.service.TestStore.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.acme.projects.service.RefusedException.Reason;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Alice's project in a real Redis, and people who may get to see it. */
abstract class OneProject {

    static final Viewer ALICE = viewer("https://idp.example", "alice", false);

    static final Viewer BOB = viewer("https://idp.example", "bob", false);

    static final Viewer CAROL = viewer("https://idp.example", "carol", false);

    static final Viewer ROOT = viewer("https://idp.example", "root", true);

    static TestStore test;

    KnownPeople directory;

    Projects projects;

    String id;

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

    Uni<Member> share(Viewer viewer, String project, String userName) {
        return projects.share(viewer, project, userName, Optional.empty());
    }

    Project project() {
        return await(projects.find(ALICE, id)).orElseThrow().project();
    }

    static void refused(Reason reason, Supplier<Uni<?>> change) {
        RefusedException refused = assertThrows(RefusedException.class, () -> await(change.get()));
        assertEquals(reason, refused.reason());
    }

    static Reason reason(Throwable failure) {
        return failure instanceof RefusedException refused ? refused.reason() : null;
    }

    static Viewer viewer(String issuer, String name, boolean administrator) {
        return new Viewer(new Person(issuer, name), name, Optional.of(name + " in full"), administrator);
    }
}
