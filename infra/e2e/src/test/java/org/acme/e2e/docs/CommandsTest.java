package org.acme.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What can be known of the commands in the pages without running them; {@code infra/docs-check} runs those that it can. */
class CommandsTest {

    private static final Pattern BLOCK = Pattern.compile("(?m)^```sh\\n(.*?)^```", Pattern.DOTALL);
    private static final Pattern OURS =
            Pattern.compile("(?m)(?<![\\w/.-])(infra/[a-z][a-z0-9-]*)((?:[ \\t]+[^\\s|;&)`]+)*)");
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");
    private static final Pattern INLINE = Pattern.compile("`(infra/[^`\\n]+)`");

    private record Command(Path page, String text) {}

    @Test
    @DisplayName("Every block of commands in the pages is a script that bash can read")
    void blocksAreScripts() throws IOException, InterruptedException {
        List<Command> blocks = commands(BLOCK);
        assertThat(blocks).isNotEmpty();
        for (Command block : blocks) {
            Process bash =
                    new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
            bash.getOutputStream().write(block.text().getBytes(StandardCharsets.UTF_8));
            bash.getOutputStream().close();
            String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(bash.waitFor())
                    .as("%s: %s\n%s", block.page(), said, block.text())
                    .isZero();
        }
    }

    @Test
    @DisplayName("Every command of infra that a page names is there, and knows the options that the page gives it")
    void commandsAndOptionsExist() {
        List<String> wrong = new ArrayList<>();
        List<Command> all = new ArrayList<>(commands(BLOCK));
        all.addAll(commands(INLINE));
        for (Command text : all) {
            OURS.matcher(text.text()).results().forEach(use -> {
                Path command = Repository.ROOT.resolve(use.group(1));
                if (!Files.exists(command)) {
                    wrong.add(text.page() + ": " + use.group(1) + " is not there");
                } else if (Files.isExecutable(command) && Files.isRegularFile(command)) {
                    String source = Repository.read(command);
                    OPTION.matcher(use.group(2))
                            .results()
                            .filter(option -> !source.contains(option.group()))
                            .forEach(option -> wrong.add(text.page() + ": " + use.group() + ": no " + option.group()));
                }
            });
        }
        assertThat(wrong).isEmpty();
    }

    private static List<Command> commands(Pattern pattern) {
        List<Command> found = new ArrayList<>();
        for (Path page : Repository.markdown()) {
            pattern.matcher(Repository.read(page))
                    .results()
                    .forEach(match -> found.add(new Command(Repository.ROOT.relativize(page), match.group(1))));
        }
        return found;
    }
}
