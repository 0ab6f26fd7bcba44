package org.acme.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LinksTest {

    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("```.*?```|`[^`\\n]*`", Pattern.DOTALL);
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");

    @Test
    @DisplayName("Every relative link of every page leads somewhere, to its heading too")
    void relativeLinksResolve() {
        List<String> broken = new ArrayList<>();
        List<Path> pages = Repository.markdown();
        assertThat(pages).hasSizeGreaterThan(5);
        for (Path page : pages) {
            LINK.matcher(CODE.matcher(Repository.read(page)).replaceAll(""))
                    .results()
                    .map(link -> link.group(1))
                    .filter(target -> !target.matches("[a-z]+:.*"))
                    .filter(target -> !resolves(page, target))
                    .forEach(target -> broken.add(Repository.ROOT.relativize(page) + " -> " + target));
        }
        assertThat(broken).isEmpty();
    }

    @Test
    @DisplayName("Every block of code ends before the next one begins, so that none takes a section along")
    void codeEnds() {
        for (Path page : Repository.markdown()) {
            String open = null;
            for (String line : Repository.read(page).lines().toList()) {
                if (line.strip().startsWith("```")) {
                    assertThat(open == null || line.strip().equals("```"))
                            .as("%s: '%s' begins inside '%s'", page, line, open)
                            .isTrue();
                    open = open == null ? line : null;
                }
            }
            assertThat(open).as("%s: a block that does not end", page).isNull();
        }
    }

    private static boolean resolves(Path page, String target) {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        return Files.exists(file) && (parts.length == 1 || anchors(file).contains(parts[1]));
    }

    /** As forges derive them from headings. */
    private static List<String> anchors(Path page) {
        return HEADING.matcher(Repository.read(page))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .strip()
                        .replace(' ', '-'))
                .toList();
    }
}
