package org.acme.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PromisesPageTest {

    private static final GeneratedPage PAGE = new GeneratedPage("promises.md");

    @Test
    @DisplayName("docs/promises.md names the tests that keep each promise")
    void thePageIsUpToDate() {
        PAGE.mustBe(PromisesPage.renewed(Repository.read(PAGE.file())));
    }

    @Test
    void aTestIsFoundByTheIdsItNames() {
        String page = PromisesPage.renewed("| E4 | writes | - |\n| Z9 | something that nobody tests | - |\n");
        assertThat(page)
                .contains("| E4 | writes | [")
                .contains("[WriteGuardTest](../shared-session/src/test/java/")
                .contains("| Z9 | something that nobody tests | " + PromisesPage.NONE + " |");
    }

    @Test
    void everyPromiseStandsThereOnce() {
        assertThat(PromisesPage.ids(Repository.read(PAGE.file())))
                .hasSizeGreaterThan(60)
                .doesNotHaveDuplicates();
    }
}
