package org.acme.e2e.docs;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The promises with the tests that keep them: id and text of each are written by hand in the page itself, the last column is
 * made from the ids that tests name in their {@code @DisplayName} or a comment.
 */
final class PromisesPage {

    static final String NONE = "**no test names it**";

    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([A-Z]\\d{1,2}) \\| (.*?) \\| .*? \\|$");
    private static final Pattern TEST = Pattern.compile(".*(Test|IT|Contract)\\.java");
    private static final Pattern NAMED = Pattern.compile(
            "@DisplayName\\(\\s*\"(?:[^\"\\\\]|\\\\.)*\"(?:\\s*\\+\\s*\"(?:[^\"\\\\]|\\\\.)*\")*|//[^\\n]*|/\\*.*?\\*/",
            Pattern.DOTALL);

    private PromisesPage() {}

    /** The page with its last column made anew. */
    static String renewed(String page) {
        Map<String, List<Path>> tests = tests(ids(page));
        return ROW.matcher(page)
                .replaceAll(row -> Matcher.quoteReplacement(
                        "| %s | %s | %s |".formatted(row.group(1), row.group(2), links(tests.get(row.group(1))))));
    }

    static List<String> ids(String page) {
        return ROW.matcher(page).results().map(row -> row.group(1)).toList();
    }

    private static Map<String, List<Path>> tests(List<String> ids) {
        Pattern id = Pattern.compile("\\b(?:" + String.join("|", ids) + ")\\b");
        Map<String, List<Path>> tests = new TreeMap<>();
        for (Path test : Repository.files(path -> path.toString().contains("/src/test/")
                && TEST.matcher(path.getFileName().toString()).matches())) {
            NAMED.matcher(Repository.read(test))
                    .results()
                    .map(MatchResult::group)
                    .flatMap(text -> id.matcher(text).results().map(MatchResult::group))
                    .collect(Collectors.toCollection(TreeSet::new))
                    .forEach(named -> tests.computeIfAbsent(named, key -> new java.util.ArrayList<>())
                            .add(test));
        }
        return tests;
    }

    private static String links(List<Path> tests) {
        return tests == null ? NONE : tests.stream().map(PromisesPage::link).collect(Collectors.joining(", "));
    }

    private static String link(Path test) {
        String name = test.getFileName().toString();
        return "[%s](%s)".formatted(name.substring(0, name.indexOf('.')), Repository.linkFromDocs(test));
    }
}
