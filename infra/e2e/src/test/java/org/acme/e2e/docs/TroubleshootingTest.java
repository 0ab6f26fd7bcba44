package org.acme.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** People search for the words that they see: each of them stands in the page that explains it. */
class TroubleshootingTest {

    private static final String PAGE = Repository.read(Repository.ROOT.resolve("docs/troubleshooting.md"));

    private static final Pattern TITLE_OF_A_PAGE = Pattern.compile(
            "(?:\\bpage\\(|new MessagePage\\()\\s*(?:status|\\d{3}),\\s*\"([^\"]+)\"|\\btitle = \"([^\"]+)\"");
    private static final Pattern TITLE_OF_A_TEMPLATE = Pattern.compile("\\{#include layout title=\"([^\"]+)\"}");
    private static final Pattern TITLE_OF_NGINX = Pattern.compile("\\$answer_title \\{(.*?)}", Pattern.DOTALL);
    private static final Pattern LAST_STRING = Pattern.compile("(?m)\"([^\"]+)\";$");
    private static final Set<String> NO_TROUBLE =
            Set.of("Sign in", "Signed out", "You are signed in", "Edit the project");

    @Test
    @DisplayName("docs/troubleshooting.md has the title of every page that says what went wrong")
    void titlesStandInHeadings() {
        Set<String> titles = new TreeSet<>();
        Repository.files(path -> path.toString().contains("/src/main/java/"))
                .forEach(source -> titles.addAll(groups(TITLE_OF_A_PAGE, Repository.read(source))));
        Repository.files(path -> path.toString().contains("/src/main/resources/templates/"))
                .forEach(template -> {
                    String text = Repository.read(template);
                    if (text.contains("data-status=") || text.contains("role=\"alert\"")) {
                        titles.addAll(groups(TITLE_OF_A_TEMPLATE, text));
                    }
                });
        String nginx = Repository.read(Repository.ROOT.resolve("infra/nginx/answer-words.conf"));
        groups(TITLE_OF_NGINX, nginx).forEach(titlesOfNginx -> titles.addAll(groups(LAST_STRING, titlesOfNginx)));
        titles.removeAll(NO_TROUBLE);

        String headings = PAGE.lines().filter(line -> line.startsWith("#")).collect(Collectors.joining("\n"));
        assertThat(titles).hasSizeGreaterThan(35);
        assertThat(titles)
                .filteredOn(title -> !headings.contains('"' + title + '"'))
                .isEmpty();
    }

    @Test
    @DisplayName("docs/troubleshooting.md has every text with which a command of infra fails or warns, values as …")
    void failuresOfCommandsAreExplained() {
        Set<String> texts = new TreeSet<>();
        Repository.files(TroubleshootingTest::isAScript)
                .forEach(script -> texts.addAll(Failures.of(Repository.read(script))));
        assertThat(texts).hasSizeGreaterThan(70);
        assertThat(texts).filteredOn(text -> !PAGE.contains('`' + text + '`')).isEmpty();
    }

    @Test
    void aTextIsReadAsBashReadsIt() {
        assertThat(
                        Failures.of(
                                """
                # fail "in a comment"
                is_there || fail "no part is called $name; there are: $(part_names | tr "\\n" ' ')"
                x || fail "${ONLY:+not }whole: ${#list[@]} of ${list[*]}, infra/down first, and with" \\
                  "another port"
                nofail "something else"
                """))
                .containsExactlyInAnyOrder(
                        "no part is called …; there are: …", "…whole: … of …, infra/down first, and with another port");
    }

    private static boolean isAScript(Path path) {
        return path.startsWith(Repository.ROOT.resolve("infra"))
                && !path.startsWith(Repository.ROOT.resolve("infra/e2e"))
                && (path.toString().endsWith(".sh")
                        || Files.isRegularFile(path)
                                && Files.isExecutable(path)
                                && Repository.read(path).startsWith("#!/usr/bin/env bash"));
    }

    private static Set<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult match) -> match.group(1) == null ? match.group(2) : match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
