package org.acme.projects.service;

import static org.acme.projects.service.TestStore.await;
import static org.acme.projects.service.TestStore.names;
import static org.acme.projects.service.TestStore.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.mutiny.redis.client.Command;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What lies in Redis, for how long, and that what has lain there for years is read. */
class StoredProjectsTest extends OneProject {

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
}
