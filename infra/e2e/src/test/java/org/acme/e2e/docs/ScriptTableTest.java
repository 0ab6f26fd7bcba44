package org.acme.e2e.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The session contract's table of scripts, which another stack calls by their digests. */
class ScriptTableTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\| .* \\| `([0-9a-f]{40})` \\|$");

    @Test
    @DisplayName("docs/session-contract.md names each script, and its SHA-1")
    void everyScriptAndItsDigest() throws Exception {
        Map<String, String> scripts = new TreeMap<>();
        for (var file :
                Repository.files(path -> path.toString().matches(".*/session-contract/src/main/resources/.*\\.lua"))) {
            byte[] digest = MessageDigest.getInstance("SHA-1")
                    .digest(Repository.read(file).getBytes());
            scripts.put(
                    file.getFileName().toString().replace(".lua", ""),
                    HexFormat.of().formatHex(digest));
        }
        assertThat(ROW.matcher(Repository.read(Repository.ROOT.resolve("docs/session-contract.md")))
                        .results()
                        .collect(Collectors.toMap(row -> row.group(1), row -> row.group(2))))
                .isEqualTo(scripts)
                .isNotEmpty();
    }
}
