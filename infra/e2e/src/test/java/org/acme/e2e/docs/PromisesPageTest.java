package org.acme.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
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
                .contains("| E4 | writes | <details><summary>")
                .contains(", [WriteGuardTest]")
                .contains("\n[WriteGuardTest]: ../shared-session/src/test/java/")
                .contains("| Z9 | something that nobody tests | " + PromisesPage.NONE + " |");
    }

    @Test
    @DisplayName("Every test that a row of docs/promises.md names leads to its file")
    void linksLeadToTests() {
        String page = PromisesPage.renewed(Repository.read(PAGE.file()));
        List<String> places = all("(?m)^\\[([^\\]]+)]: \\S+$", page);
        assertThat(places)
                .hasSizeGreaterThan(50)
                .doesNotHaveDuplicates()
                .containsAll(all("[ >]\\[([\\w/-]+)](?!:)", page));
        assertThat(all("(?m)^\\[[^\\]]+]: (\\S+)$", page))
                .allSatisfy(link ->
                        assertThat(PAGE.file().resolveSibling(link).normalize()).exists());
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    @Test
    void everyPromiseStandsThereOnce() {
        assertThat(PromisesPage.ids(Repository.read(PAGE.file())))
                .hasSizeGreaterThan(60)
                .doesNotHaveDuplicates();
    }
}
