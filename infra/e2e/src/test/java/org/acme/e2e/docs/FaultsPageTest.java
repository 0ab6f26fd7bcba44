package org.acme.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.acme.e2e.stack.PlantedFault;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The faults that {@code MembersIT} plants, and the checks of the conformance kit that find them. */
class FaultsPageTest {

    private static final String HEAD =
            """
            # Planted faults, and the checks that find them

            `MembersIT` (`infra/test --all`) gives the Express member each of these %d faults in turn, and `infra/conform` has to fail with
            the check named beside it, in words that name the section of [the contract](session-contract.md). Checks marked \u21c4 need
            `infra/conform --between`. **This page is generated** from [faults.json](../infra/conformance/faults.json), which has the patches.

            | section | fault | found by |
            |--:|---|---|
            """;
    private static final String UNSEEN =
            """

            ## Not found

            Nobody outside the member can see these. Check your code.

            | section | fault | why |
            |--:|---|---|
            """;

    private final List<PlantedFault> faults = PlantedFault.all();

    @Test
    @DisplayName("docs/session-faults.md names each planted fault and the check that finds it")
    void thePageIsUpToDate() {
        new GeneratedPage("session-faults.md")
                .mustBe(HEAD.formatted(
                                faults.stream().filter(PlantedFault::isFound).count())
                        + rows(
                                PlantedFault::isFound,
                                fault -> "`" + fault.check() + "`" + (fault.between() ? " \u21c4" : ""))
                        + UNSEEN
                        + rows(fault -> !fault.isFound(), PlantedFault::why));
    }

    private String rows(Predicate<PlantedFault> wanted, Function<PlantedFault, String> last) {
        return faults.stream()
                .filter(wanted)
                .map(fault -> "| %d | %s | %s |\n".formatted(fault.section(), fault.fault(), last.apply(fault)))
                .collect(Collectors.joining());
    }

    @Test
    @DisplayName("Each fault has a place in the member's sources, and at most five of them pass")
    void everyFaultCanBePlanted() {
        assertThat(faults.stream().filter(PlantedFault::isFound)).hasSizeGreaterThan(60);
        assertThat(faults.stream().filter(fault -> !fault.isFound())).hasSizeLessThanOrEqualTo(5);
        assertThat(faults.stream().map(PlantedFault::fault)).doesNotHaveDuplicates();
        assertThat(faults).allSatisfy(fault -> {
            String source =
                    Repository.read(Repository.ROOT.resolve("examples/express").resolve(fault.file()));
            assertThat(source.split(Pattern.quote(fault.right()), -1)).hasSize(2);
            assertThat(fault.isFound()).isEqualTo(fault.why() == null);
        });
    }
}
