package org.acme.session.fuzz;

import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.acme.session.internal.http.FormFuzz;
import org.acme.session.testing.FuzzCorpus;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.TestFactory;

/** The corpus: what is known to be tricky, and what longer runs have found. */
class FuzzTest {

    private interface Target {
        void ask(byte[] input) throws Exception;
    }

    @TestFactory
    @DisplayName("C3, C5, I6, L9, L10, E8, R5, A8: whatever a stranger, or a provider, sends")
    Stream<DynamicContainer> corpus() {
        return Stream.of(
                asked(CookieFuzz.class, CookieFuzz::fuzzerTestOneInput),
                asked(ExpressFuzz.class, ExpressFuzz::fuzzerTestOneInput),
                asked(RecordFuzz.class, RecordFuzz::fuzzerTestOneInput),
                asked(SealFuzz.class, SealFuzz::fuzzerTestOneInput),
                asked(ReturnUrlFuzz.class, ReturnUrlFuzz::fuzzerTestOneInput),
                asked(BaseUrlFuzz.class, BaseUrlFuzz::fuzzerTestOneInput),
                asked(FormFuzz.class, FormFuzz::fuzzerTestOneInput),
                asked(TokenResponseFuzz.class, TokenResponseFuzz::fuzzerTestOneInput),
                asked(JwtFuzz.class, JwtFuzz::fuzzerTestOneInput));
    }

    private static DynamicContainer asked(Class<?> name, Target target) {
        return dynamicContainer(
                name.getSimpleName(),
                FuzzCorpus.of(name).stream()
                        .map(input -> dynamicTest(
                                "'" + new String(input, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "·") + "'",
                                () -> target.ask(input))));
    }
}
