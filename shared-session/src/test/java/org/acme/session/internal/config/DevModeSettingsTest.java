package org.acme.session.internal.config;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.runtime.LaunchMode;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DevModeSettingsTest {

    private final LaunchMode before = LaunchMode.current();

    @AfterEach
    void reset() {
        LaunchMode.set(before);
    }

    @Test
    @DisplayName("mvn quarkus:dev by itself is told the two commands to start")
    void saysWhatIsMissing() {
        LaunchMode.set(LaunchMode.DEVELOPMENT);
        SmallRyeConfigBuilder alone = config(Map.of("sso.own-client.id", "notes-service"));
        String message =
                assertThrows(ConfigValidationException.class, alone::build).getMessage();
        assertTrue(message.contains("infra/up --only parts"), message);
        assertTrue(message.contains("infra/dev NAME"), message);
        assertTrue(message.contains("sso.cookie.secrets"), message);
    }

    @Test
    @DisplayName("With a stack, and outside dev mode, nothing is said")
    void silentElsewhere() {
        Map<String, String> secrets = Map.of(
                "sso.own-client.id", "notes-service", "sso.cookie.secrets", "some", "sso.encryption.keys", "k:a");
        LaunchMode.set(LaunchMode.DEVELOPMENT);
        assertDoesNotThrow(TestConfig.builder().withCustomizers(new DevModeSettings())::build);
        LaunchMode.set(LaunchMode.NORMAL);
        String message = assertThrows(ConfigValidationException.class, config(secrets)::build)
                .getMessage();
        assertFalse(message.contains("infra/dev"), message);
    }

    private static SmallRyeConfigBuilder config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(SsoConfig.class)
                .withCustomizers(new DevModeSettings())
                .addDefaultInterceptors()
                .withSources(new PropertiesConfigSource(settings, "a file", 200));
    }
}
