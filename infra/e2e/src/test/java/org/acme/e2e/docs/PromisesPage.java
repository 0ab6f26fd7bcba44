package org.acme.e2e.docs;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The promises with the tests that keep them: id and text of each are written by hand in the page itself, the last column is
 * made from the ids that tests name in their {@code @DisplayName} or a comment. A row has the tests' names alone, folded; where
 * they are stands once, at the end of the page.
 */
final class PromisesPage {

    static final String NONE = "**no test names it**";

    private static final String PLACES = "\n<!-- Generated from here to the end: where the tests are. -->\n\n";

    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([A-Z]\\d{1,2}) \\| (.*?) \\| .*? \\|$");
    private static final Pattern TEST = Pattern.compile(".*(Test|IT|Contract)\\.java");
    private static final Pattern NAMED = Pattern.compile(
            "@DisplayName\\(\\s*\"(?:[^\"\\\\]|\\\\.)*\"(?:\\s*\\+\\s*\"(?:[^\"\\\\]|\\\\.)*\")*|//[^\\n]*|/\\*.*?\\*/",
            Pattern.DOTALL);

    private PromisesPage() {}

    /** The page with its last column and the places of the tests made anew. */
    static String renewed(String page) {
        String byHand = page.split(Pattern.quote(PLACES), 2)[0];
        Map<String, List<Path>> tests = tests(ids(byHand));
        Map<Path, String> names =
                names(tests.values().stream().flatMap(List::stream).distinct().toList());
        return ROW.matcher(byHand)
                        .replaceAll(row -> Matcher.quoteReplacement("| %s | %s | %s |"
                                .formatted(row.group(1), row.group(2), folded(tests.get(row.group(1)), names))))
                + PLACES
                + names.entrySet().stream()
                        .map(test -> "[%s]: %s\n".formatted(test.getValue(), Repository.linkFromDocs(test.getKey())))
                        .sorted()
                        .collect(Collectors.joining());
    }

    /** A class by its name; with its module where others have one of that name, and by its whole path where that is not enough. */
    private static Map<Path, String> names(List<Path> tests) {
        Map<Path, String> names = new HashMap<>();
        List<Function<Path, String>> ways =
                List.of(PromisesPage::simpleName, test -> module(test) + "/" + simpleName(test), Path::toString);
        for (Path test : tests) {
            names.put(
                    test,
                    ways.stream()
                            .filter(way -> tests.stream()
                                            .map(way)
                                            .filter(way.apply(test)::equals)
                                            .count()
                                    == 1)
                            .findFirst()
                            .orElseThrow()
                            .apply(test));
        }
        return names;
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

    private static String folded(List<Path> tests, Map<Path, String> names) {
        return tests == null
                ? NONE
                : tests.stream()
                        .map(test -> "[" + names.get(test) + "]")
                        .collect(Collectors.joining(
                                ", ", "<details><summary>" + tests.size() + "</summary>", "</details>"));
    }

    private static String simpleName(Path test) {
        String name = test.getFileName().toString();
        return name.substring(0, name.indexOf('.'));
    }

    private static String module(Path test) {
        String path = Repository.ROOT.relativize(test).toString();
        return path.substring(0, path.indexOf("/src/test/"));
    }
}
