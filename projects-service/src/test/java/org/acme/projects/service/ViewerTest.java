package org.acme.projects.service;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ViewerTest {

    private static final Owner ALICE = new Owner("https://idp.example", "alice");
    private static final Project ALICES = new Project("id", 1, new ProjectName("Hers"), ALICE, "Alice", Instant.EPOCH);

    @Test
    void ownersSeeTheirProjects() {
        assertTrue(new Viewer(ALICE, "Alice", false).maySee(ALICES));
    }

    @Test
    void othersDoNot() {
        assertFalse(new Viewer(new Owner("https://idp.example", "bob"), "Bob", false).maySee(ALICES));
    }

    @Test
    @DisplayName("I9: the same subject of another issuer is somebody else, whatever the name")
    void sameSubjectOfAnotherIssuerIsSomebodyElse() {
        assertFalse(new Viewer(new Owner("https://other.example", "alice"), "Alice", false).maySee(ALICES));
    }

    @Test
    void administratorsSeeEverything() {
        assertTrue(new Viewer(new Owner("https://idp.example", "bob"), "Bob", true).maySee(ALICES));
    }
}
