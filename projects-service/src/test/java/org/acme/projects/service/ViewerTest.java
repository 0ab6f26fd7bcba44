package org.acme.projects.service;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ViewerTest {

    private static final Person ALICE = new Person("https://idp.example", "alice");
    private static final Person BOB = new Person("https://idp.example", "bob");
    private static final Person NAMESAKE = new Person("https://other.example", "alice");
    private static final Project ALICES = new Project(
            "id",
            1,
            new ProjectText("Hers", ""),
            ALICE,
            "Alice",
            Instant.EPOCH,
            1,
            1,
            Optional.empty(),
            Optional.empty());

    @Test
    void ownersAreOwnersEvenAsAdministrators() {
        assertEquals(Optional.of(Role.OWNER), roleOf(ALICE, false));
        assertEquals(Optional.of(Role.OWNER), roleOf(ALICE, true));
    }

    @Test
    void membersRead() {
        assertEquals(Optional.of(Role.MEMBER), roleOf(BOB, false, new Member(BOB, "Bob")));
    }

    @Test
    void othersDoNotKnowOfIt() {
        assertEquals(Optional.empty(), roleOf(BOB, false));
    }

    @Test
    @DisplayName("I9: the same subject of another issuer is somebody else, whatever the name")
    void sameSubjectOfAnotherIssuerIsSomebodyElse() {
        assertEquals(Optional.empty(), roleOf(NAMESAKE, false));
        assertEquals(Optional.empty(), roleOf(BOB, false, new Member(new Person(NAMESAKE.issuer(), "bob"), "Bob")));
    }

    @Test
    void administratorsReadEverything() {
        assertEquals(Optional.of(Role.ADMINISTRATOR), roleOf(BOB, true));
    }

    private static Optional<Role> roleOf(Person person, boolean administrator, Member... members) {
        return new Viewer(person, "any", Optional.empty(), administrator).roleIn(ALICES, List.of(members));
    }
}
