package org.acme.e2e.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** nginx measures a request's body again in each location that it passes on its way, also in those that get none of it. */
class NginxBodiesTest {

    private static final Pattern INTERNAL =
            Pattern.compile("^location (\\S+ ?\\S*) \\{\n(?=    internal;$)", Pattern.MULTILINE);

    @ParameterizedTest
    @ValueSource(strings = {"guarded.conf", "answers.conf"})
    @DisplayName("E9 how large a body may be, the location decides that it is for, not one that only asks or answers")
    void noLimitOfTheirOwn(String file) throws IOException {
        String text = Files.readString(Stack.repository().resolve(Path.of("infra", "nginx", file)));
        List<String> found = new ArrayList<>();
        INTERNAL.matcher(text).results().forEach(location -> {
            found.add(location.group(1));
            assertThat(text.substring(location.end(), text.indexOf("\n}", location.end())))
                    .as(location.group(1))
                    .containsPattern("(?m)^    client_max_body_size 0;$");
        });
        assertThat(found).isNotEmpty();
    }
}
