package org.acme.session.internal.config;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** The real configuration mapping without Quarkus. */
public final class TestConfig {

    private TestConfig() {}

    /** The defaults and what they demand besides. @param more names without {@code sso.}, and values, in turn */
    public static SsoConfig with(String... more) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < more.length; i += 2) {
            values.put("sso." + more[i], more[i + 1]);
        }
        return builder()
                .withSources(new PropertiesConfigSource(values, "more", 1001))
                .build()
                .getConfigMapping(SsoConfig.class);
    }

    static SmallRyeConfigBuilder builder() {
        Map<String, String> needed = Map.of(
                "sso.base-url", "http://localhost:8081",
                "sso.cookie.secrets", "only-for-tests-0123456789-0123456789",
                "sso.own-client.id", "notes-service",
                "sso.encryption.keys", "test:b25seS1mb3ItdGVzdHMtMDEyMzQ1Njc4OTAxMjM0NTY=");
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(SsoConfig.class)
                .withSources(new PropertiesConfigSource(needed, "needed", 1000));
    }
}
