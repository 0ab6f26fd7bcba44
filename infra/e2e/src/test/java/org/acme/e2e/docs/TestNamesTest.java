package org.acme.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A test that a page names as its evidence is there. */
class TestNamesTest {

    private static final Pattern NAME = Pattern.compile("`([A-Z]\\w*[a-z](?:Test|IT))\\b");

    @Test
    @DisplayName("every test class that a page names exists")
    void named() {
        Set<String> named = Repository.markdown().stream()
                .flatMap(page -> NAME.matcher(Repository.read(page)).results())
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> classes = Repository.files(path -> path.toString().endsWith(".java")).stream()
                .map(Path::getFileName)
                .map(file -> file.toString().replace(".java", ""))
                .collect(Collectors.toSet());
        assertThat(named).hasSizeGreaterThan(50);
        assertThat(classes).containsAll(named);
    }
}
