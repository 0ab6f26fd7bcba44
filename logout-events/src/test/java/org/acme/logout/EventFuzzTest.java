package org.acme.logout;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.acme.session.testing.FuzzCorpus;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The corpus of {@link EventFuzz}; {@code infra/fuzz} searches for more. */
class EventFuzzTest {

    @TestFactory
    @DisplayName("S1: whatever is on the topic")
    Stream<DynamicTest> corpus() {
        return FuzzCorpus.of(EventFuzz.class).stream()
                .map(input -> dynamicTest(
                        "'" + new String(input, StandardCharsets.UTF_8) + "'",
                        () -> EventFuzz.fuzzerTestOneInput(input)));
    }
}
