package org.acme.projects.service;

import static java.util.stream.Collectors.toSet;
import static org.acme.projects.service.TestStore.await;
import static org.acme.projects.service.TestStore.names;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Response;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProjectStoreTest {

    private static final Person ALICE = new Person("https://idp.example", "alice");
    private static final Person BOB = new Person("https://idp.example", "bob");

    private static TestStore test;
    private static ProjectStore store;

    @BeforeAll
    static void start() {
        test = new TestStore();
        store = test.store();
    }

    @AfterAll
    static void stop() {
        test.close();
    }

    @BeforeEach
    void empty() {
        test.command(Command.FLUSHALL);
    }

    @Test
    void aCreatedProjectIsFoundAsItWasCreated() {
        Project created = test.create(ALICE, "Apollo");
        assertEquals(Optional.of(created), await(store.find(created.id())).map(ProjectStore.Found::project));
        assertEquals(Optional.empty(), await(store.find("unknown")));
    }

    @Test
    void aListIsNewestFirst() {
        test.create(ALICE, "one");
        test.create(ALICE, "two");
        test.create(ALICE, "three");
        assertEquals(List.of("three", "two", "one"), names(list(ALICE)));
    }

    @Test
    @DisplayName("I9: an owner is issuer and subject; the same subject of another issuer owns nothing of it")
    void ownersSeeTheirOwnOnly() {
        test.create(ALICE, "hers");
        test.create(BOB, "his");
        Person namesake = new Person("https://other.example", ALICE.subject());
        assertEquals(List.of("hers"), names(list(ALICE)));
        assertEquals(List.of("his"), names(list(BOB)));
        assertEquals(List.of(), names(list(namesake)));
        assertEquals(List.of("his", "hers"), names(all(OptionalLong.empty())));
    }

    @Test
    void aListIsBoundedAndGoesOnWhereItStoppedWhateverIsCreatedMeanwhile() {
        for (String name : List.of("1", "2", "3", "4", "5", "6", "7")) {
            test.create(ALICE, name);
        }
        ProjectList first = await(all(OptionalLong.empty()));
        test.create(ALICE, "8");
        ProjectList second = await(all(first.continuesBefore()));
        ProjectList third = await(all(second.continuesBefore()));
        assertEquals(List.of("7", "6", "5"), names(first));
        assertEquals(List.of("4", "3", "2"), names(second));
        assertEquals(List.of("1"), names(third));
        assertEquals(OptionalLong.empty(), third.continuesBefore());
    }

    @Test
    void aMissingRecordIsLeftOutAndTheListGoesOn() {
        List<String> ids = Stream.of("1", "2", "3", "4", "5", "6", "7", "8")
                .map(name -> test.create(ALICE, name).id())
                .toList();
        // One in the midst of the first page, the last one of it, and the whole second page.
        for (int number : List.of(7, 6, 5, 4, 3)) {
            test.command(Command.DEL, ProjectKeys.project(ids.get(number - 1)));
        }
        ProjectList first = await(all(OptionalLong.empty()));
        ProjectList second = await(all(first.continuesBefore()));
        ProjectList third = await(all(second.continuesBefore()));
        assertEquals(List.of("8"), names(first));
        assertEquals(List.of(), names(second));
        assertEquals(List.of("2", "1"), names(third));
        assertEquals(OptionalLong.empty(), third.continuesBefore());
    }

    @Test
    @DisplayName("O2: a record that our own code cannot read is a fault of ours, and not told as an outage")
    void aFaultOfOursIsNoOutage() {
        Project project = test.create(ALICE, "any");
        test.command(Command.HSET, ProjectKeys.project(project.id()), "number", "many");
        assertThrows(NumberFormatException.class, () -> await(store.find(project.id())));
        assertThrows(NumberFormatException.class, () -> await(list(ALICE)));
    }

    @Test
    void aListThatJustFitsDoesNotGoOn() {
        test.create(ALICE, "1");
        test.create(ALICE, "2");
        test.create(ALICE, "3");
        assertEquals(OptionalLong.empty(), await(all(OptionalLong.empty())).continuesBefore());
    }

    @Test
    void oneOwnersLimitHoldsHoweverManyAreCreatedAtOnce() {
        List<Boolean> created = await(Multi.createFrom()
                .range(0, 60)
                .onItem()
                .transformToUni(i -> store.create(ALICE, "Alice", TestStore.text("project " + i))
                        .replaceWith(true)
                        .onFailure(RefusedException.class)
                        .recoverWithItem(false))
                .merge(16)
                .collect()
                .asList());
        assertEquals(
                TestStore.PER_OWNER, created.stream().filter(success -> success).count());
        assertEquals(
                TestStore.PER_OWNER,
                test.command(Command.ZCARD, ProjectKeys.ownedBy(ALICE)).toLong());
        assertEquals(
                TestStore.PER_OWNER,
                test.command(Command.ZCARD, ProjectKeys.EVERYBODYS).toLong());
        test.create(BOB, "not concerned");
    }

    @Test
    void everyKeyIsUnderTheServicesOwnPrefix() {
        test.create(ALICE, "any");
        Set<String> keys = StreamSupport.stream(test.command(Command.KEYS, "*").spliterator(), false)
                .map(Response::toString)
                .collect(toSet());
        assertEquals(4, keys.size());
        assertTrue(keys.stream().allMatch(key -> key.startsWith("projects:")), keys::toString);
    }

    @Test
    void aRedisUserWithTheseKeysAndTheseCommandsIsEnough() {
        test.command(
                Command.ACL,
                ("SETUSER projects on >secret ~projects:* resetchannels &projects-changes -@all"
                                + " +hello +eval +zcard +incr +time +hset +zadd +hmget +hvals +zrevrangebyscore +publish")
                        .split(" "));
        ProjectStore asThatUser = test.storeAs("projects", "secret");
        Project created = await(asThatUser.create(ALICE, "Alice", TestStore.text("allowed")));
        assertEquals(Optional.of(created), await(asThatUser.find(created.id())).map(ProjectStore.Found::project));
        assertEquals(List.of("allowed"), names(asThatUser.list(ALICE, Selection.ALL, OptionalLong.empty())));
    }

    private static Uni<ProjectList> list(Person owner) {
        return store.list(owner, Selection.OWN, OptionalLong.empty());
    }

    private static Uni<ProjectList> all(OptionalLong before) {
        return store.list(ALICE, Selection.ALL, before);
    }
}
