package org.acme.session.internal.config;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The configuration as a service makes it: with the customizers of the class path, and every setting known by the mapping. */
class RenamedSettingsTest {

    static Stream<String> oldNames() {
        return RenamedSettings.NEW_NAMES.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("oldNames")
    @DisplayName(
            "an old name in a file, in the environment, of a list or of a profile ends the start and names the new one")
    void oldNameIsRefused(String old) {
        String variable = old.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
        assertAll(
                () -> assertRefused(old, file(old)),
                () -> assertRefused(old, file("%test." + old)),
                () -> assertRefused(old, file(old + "[0]")),
                () -> assertRefused(old, new EnvConfigSource(Map.of(variable, "1"), 300)));
    }

    @Test
    @DisplayName("all old names are told at once, each with its source")
    void allAtOnce() {
        String message = refusal(file("sso.memory.lease"), new EnvConfigSource(Map.of("SSO_SEAL_KEYS", ""), 300));
        assertTrue(
                message.contains(
                        "sso.memory.lease in PropertiesConfigSource[source=a file] has another name now: set sso.cache.lease-duration"),
                message);
        assertTrue(message.contains("sso.seal.keys in EnvConfigSource has another name now"), message);
    }

    @Test
    @DisplayName("a new name is no old one")
    void newNamesAreRead() {
        SsoConfig config = builder(new EnvConfigSource(Map.of("SSO_CACHE_MAX_SIZE", "7"), 300))
                .build()
                .getConfigMapping(SsoConfig.class);
        assertEquals(7, config.cache().maxSize().orElseThrow());
    }

    private static void assertRefused(String old, ConfigSource source) {
        String message = refusal(source);
        assertTrue(message.contains(old), message);
        assertTrue(message.contains("set " + RenamedSettings.NEW_NAMES.get(old) + " instead"), message);
    }

    private static String refusal(ConfigSource... sources) {
        return assertThrows(ConfigValidationException.class, builder(sources)::build)
                .getMessage();
    }

    private static ConfigSource file(String name) {
        return new PropertiesConfigSource(Map.of(name, "1"), "a file", 200);
    }

    private static SmallRyeConfigBuilder builder(ConfigSource... sources) {
        return TestConfig.builder()
                .addDiscoveredCustomizers()
                .addDefaultInterceptors()
                .withProfile("test")
                .withSources(sources);
    }
}
