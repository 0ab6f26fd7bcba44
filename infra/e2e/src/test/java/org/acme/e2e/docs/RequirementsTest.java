package org.acme.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The requirements of the session contract and the checks of the conformance kit name each other. */
class RequirementsTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+-\\d+) \\| (.*) \\| (.*) \\|$");
    private static final Pattern NAME = Pattern.compile("`([a-z-]+)`");
    private static final Pattern CHECK = Pattern.compile("(?m)^  \\['([a-z-]+)', [\"']");
    /** What the kit looks at when all checks are over. */
    private static final Set<String> AFTER_ALL = Set.of("time-to-live", "log", "rights");

    private final List<MatchResult> rows = ROW.matcher(
                    Repository.read(Repository.ROOT.resolve("docs/session-requirements.md")))
            .results()
            .toList();

    @Test
    @DisplayName(
            "Every requirement has a number of its own, an RFC 2119 word, and a check or the reason why there is none")
    void everyRequirementIsCheckedOrSaysWhyNot() {
        assertThat(rows).hasSizeGreaterThan(40);
        assertThat(rows.stream().map(row -> row.group(1))).doesNotHaveDuplicates();
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.group(2)).containsAnyOf("MUST", "SHOULD", "MAY");
            assertThat(row.group(3)).matches("(`[a-z-]+`( \u21c4)?(, )?)+((;| for| by) .*)?|not checkable .*: .*");
        });
    }

    @Test
    @DisplayName("The requirements name every check of the kit, and no other")
    void requirementsAndChecksNameEachOther() {
        Set<String> named = rows.stream()
                .filter(row -> !row.group(3).startsWith("not checkable"))
                .flatMap(row -> NAME.matcher(row.group(3)).results())
                .map(name -> name.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> checks = new TreeSet<>(AFTER_ALL);
        Repository.files(path -> path.toString().matches(".*/infra/conformance/checks-[a-z]+\\.js"))
                .forEach(file ->
                        CHECK.matcher(Repository.read(file)).results().forEach(check -> checks.add(check.group(1))));
        assertThat(named).isEqualTo(checks);
    }
}
