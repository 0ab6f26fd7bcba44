package org.acme.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OperationsTest {

    private static final String PAGE = Repository.read(Repository.ROOT.resolve("docs/operations.md"));
    private static final String RULES = Repository.read(Repository.ROOT.resolve("infra/observability/alerts.yaml"));

    @Test
    @DisplayName("docs/operations.md says of every alert what it means, and of no other")
    void alertsAreExplained() {
        Set<String> alerts = all("- alert: (\\w+)", RULES);
        assertThat(alerts).hasSizeGreaterThan(5).isEqualTo(all("(?m)^### (Sso\\w+)", PAGE));
    }

    @Test
    @DisplayName("docs/operations.md lists every meter of ours, and no other")
    void metersAreListed() {
        Set<String> meters = new TreeSet<>();
        Repository.files(path -> path.toString().contains("/src/main/java/")
                        && path.toString().endsWith("Metrics.java"))
                .forEach(source -> meters.addAll(all("\"(sso\\.[a-z.]+)\"", Repository.read(source))));
        String table = PAGE.replace("`.failed`", "`sso.events.failed`").replace("`.received`", "`sso.events.received`");
        String rows = String.join("\n", all("(?m)^(\\| `sso\\..*)$", table));
        assertThat(all("`(sso\\.[a-z.]+)`", rows)).hasSizeGreaterThan(15).isEqualTo(meters);
    }

    private static Set<String> all(String pattern, String text) {
        Set<String> found = new TreeSet<>();
        Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1))
                .forEach(found::add);
        return found;
    }
}
