package org.acme.projects.service;

import static org.acme.projects.service.TestStore.await;
import static org.acme.projects.service.TestStore.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.acme.session.testing.RedisAddress;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ProjectStoreOutageTest {

    private static final Person ALICE = new Person("https://idp.example", "alice");
    private static final Duration RECOVERY = Duration.ofSeconds(10);

    private final TestStore test = new TestStore();
    private final ProjectStore store = test.store();

    @AfterEach
    void stop() {
        test.close();
    }

    @Test
    @DisplayName("O2: a full memory refuses a project as a whole, still reads, and recovers")
    void aFullStoreWritesNothingByHalves() {
        Project before = test.create(ALICE, "before");
        test.command(Command.CONFIG, "SET", "maxmemory", "1");
        assertThrows(ProjectsUnavailableException.class, () -> test.create(ALICE, "too late"));
        assertEquals(List.of(before), await(list(Selection.ALL)).projects());
        assertEquals(1, test.command(Command.GET, ProjectKeys.LATEST_NUMBER).toLong());
        test.command(Command.CONFIG, "SET", "maxmemory", "0");
        test.create(ALICE, "after");
    }

    @Test
    @DisplayName("O2: a read-only store refuses a project and still reads")
    void aReadOnlyStoreStillReads() {
        test.create(ALICE, "before");
        test.command(Command.REPLICAOF, "127.0.0.1", "1");
        assertThrows(ProjectsUnavailableException.class, () -> test.create(ALICE, "too late"));
        assertEquals(List.of("before"), names(list(Selection.OWN)));
        test.command(Command.REPLICAOF, "NO", "ONE");
        test.create(ALICE, "after");
    }

    @Test
    @DisplayName("O2: a store that stalls is given up after the limit, and used again when it moves")
    void aStalledStoreIsGivenUpInTime() {
        test.create(ALICE, "before");
        test.command(Command.CLIENT, "PAUSE", "3000", "ALL");
        assertTimeout(
                TestStore.STORE_LIMIT.multipliedBy(2),
                () -> assertThrows(ProjectsUnavailableException.class, () -> await(list(Selection.ALL))));
        assertEquals(List.of("before"), names(eventually(() -> list(Selection.ALL))));
    }

    @Test
    @DisplayName("O1: a store that is gone fails as unavailable, and its return needs no restart of ours")
    void aReturningStoreIsUsedAgain() throws IOException {
        test.create(ALICE, "before");
        test.server.kill();
        assertThrows(ProjectsUnavailableException.class, () -> await(list(Selection.OWN)));
        test.server.launch();
        assertEquals(
                "after",
                eventually(() -> store.create(ALICE, "Alice", TestStore.text("after")))
                        .text()
                        .name());
    }

    @Test
    @DisplayName("O2: connections that died are no outage: a listing is asked again, over another one")
    void deadConnections() {
        test.create(ALICE, "before");
        for (int i = 0; i < 20; i++) {
            test.command(Command.CLIENT, "KILL", "TYPE", "normal");
            assertEquals(List.of("before"), names(list(Selection.OWN)));
        }
    }

    @RepeatedTest(3)
    @DisplayName("O2: where a master has moved to, a project is created at once, though old connections stay open")
    void aMasterThatMoved() {
        RedisServer next = new RedisServer();
        next.start();
        try (RedisAddress address = new RedisAddress(test.server)) {
            ProjectStore moved = test.storeAt(address.uri());
            await(moved.create(ALICE, "Alice", TestStore.text("before")));
            next.follow(test.server);
            next.lead();
            test.server.follow(next);
            address.leadTo(next);

            await(moved.create(ALICE, "Alice", TestStore.text("after")));
            assertEquals(List.of("after", "before"), names(moved.list(ALICE, Selection.OWN, OptionalLong.empty())));
        } finally {
            next.stop();
        }
    }

    private static <T> T eventually(Supplier<Uni<T>> question) {
        long deadline = System.nanoTime() + RECOVERY.toNanos();
        while (true) {
            try {
                return await(question.get());
            } catch (ProjectsUnavailableException notYet) {
                if (System.nanoTime() > deadline) {
                    throw notYet;
                }
            }
        }
    }

    private Uni<ProjectList> list(Selection selection) {
        return store.list(ALICE, selection, OptionalLong.empty());
    }
}
