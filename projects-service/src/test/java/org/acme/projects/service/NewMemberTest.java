package org.acme.projects.service;

import static org.acme.projects.service.TestStore.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.acme.projects.service.RefusedException.Reason;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Who is meant by the name that an owner types. */
class NewMemberTest extends OneProject {

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
}
