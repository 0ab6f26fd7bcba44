package org.acme.session.internal.config;

import io.quarkus.runtime.LaunchMode;
import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import java.util.NoSuchElementException;

/**
 * Tells whoever starts {@code mvn quarkus:dev} by itself what a service needs, and which two commands bring it, beside what Quarkus
 * says of each setting without a value.
 */
public final class DevModeSettings implements SmallRyeConfigBuilderCustomizer {

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        if (LaunchMode.current() == LaunchMode.DEVELOPMENT) {
            builder.withInterceptors(new Hint());
        }
    }

    /** Asked when the setting is read: Quarkus makes configurations for its build, too, and leaves the environment out of them. */
    private static final class Hint implements ConfigSourceInterceptor {

        private static final long serialVersionUID = 1L;

        @Override
        public ConfigValue getValue(ConfigSourceInterceptorContext sources, String name) {
            ConfigValue found = sources.proceed(name);
            if (found == null && name.equals("sso.base-url")) {
                throw new NoSuchElementException(
                        "A service needs nginx, Keycloak, Redis and Kafka, and their secrets. Start them"
                                + " with \"infra/up --only parts\", then this service with \"infra/dev NAME\" instead of mvn quarkus:dev"
                                + " (docs/development.md)");
            }
            return found;
        }
    }
}
