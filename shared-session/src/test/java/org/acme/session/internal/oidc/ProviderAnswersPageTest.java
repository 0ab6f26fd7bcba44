package org.acme.session.internal.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * The summary in docs/provider-answers.md is what {@code provider-answers.txt} says; with {@code -Ddocs.renew} it is written
 * anew.
 */
class ProviderAnswersPageTest {

    private static final Path PAGE = Path.of("../docs/provider-answers.md");
    private static final String BEGIN = "<!-- from provider-answers.txt -->\n";
    private static final String END = "<!-- until here -->\n";

    @Test
    @DisplayName("R5: the page says what the table says")
    void thePageIsTrue() throws IOException {
        String page = Files.readString(PAGE);
        String before = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
        String after = page.substring(page.indexOf(END));
        String right = before + summary() + after;
        if (System.getProperty("docs.renew") != null) {
            Files.writeString(PAGE, right);
        }
        assertEquals(
                right,
                Files.readString(PAGE),
                "mvn test -pl shared-session -am -Dtest=ProviderAnswersPageTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.renew");
    }

    private static String summary() {
        StringBuilder table =
                new StringBuilder("| endpoint | what it answers | kinds | statuses | means |\n|---|---|---|---|---|\n");
        String heading = "";
        List<ProviderAnswer> rows = new ArrayList<>();
        int number = 0;
        int all = 0;
        for (String line : ProviderAnswer.lines()) {
            number++;
            if (line.startsWith("## ")) {
                write(table, heading, rows);
                heading = line.substring(3);
                rows.clear();
            } else if (line.matches("[a-z]+ \\|.*")) {
                rows.add(ProviderAnswer.read(number, line));
                all++;
            }
        }
        write(table, heading, rows);
        return table.append("\n").append(all).append(" kinds of answers.\n").toString();
    }

    private static void write(StringBuilder table, String heading, List<ProviderAnswer> rows) {
        Map<String, List<ProviderAnswer>> byMeaning = new TreeMap<>();
        rows.forEach(row ->
                byMeaning.computeIfAbsent(row.kind(), kind -> new ArrayList<>()).add(row));
        byMeaning.forEach((meaning, answers) -> table.append("| ")
                .append(heading.replace(": ", " | "))
                .append(" | ")
                .append(answers.size())
                .append(" | ")
                .append(String.join(
                        ", ",
                        answers.stream()
                                .map(answer -> Integer.toString(answer.status()))
                                .collect(java.util.stream.Collectors.toCollection(TreeSet::new))))
                .append(" | ")
                .append(meaning)
                .append(" |\n"));
    }
}
