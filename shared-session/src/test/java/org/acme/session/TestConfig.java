package org.acme.session;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;

/** The real configuration mapping without Quarkus. */
public final class TestConfig {

    private TestConfig() {}

    /** The defaults and what they demand besides. @param more names without {@code sso.}, and values, in turn */
    public static SsoConfig with(String... more) {
        Map<String, String> values = new HashMap<>(Map.of(
                "sso.base-url", "http://localhost:8081",
                "sso.cookie.secrets", "only-for-tests-0123456789-0123456789",
                "sso.own-client.id", "notes-service",
                "sso.seal.keys", "test:b25seS1mb3ItdGVzdHMtMDEyMzQ1Njc4OTAxMjM0NTY="));
        for (int i = 0; i < more.length; i += 2) {
            values.put("sso." + more[i], more[i + 1]);
        }
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(SsoConfig.class)
                .withSources(new PropertiesConfigSource(values, "test", 1000))
                .build()
                .getConfigMapping(SsoConfig.class);
    }
}
