package org.acme.session.internal.config;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigSourceInterceptorFactory;
import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigValidationException.Problem;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Refuses to start with a setting that has another name now, whatever its source: it would count for nothing. An interceptor,
 * since it sees every source as the configuration is made, before {@link SsoConfig} is read and an unknown name refused.
 */
public final class RenamedSettings implements SmallRyeConfigBuilderCustomizer {

    /** Old name to new name. */
    static final Map<String, String> NEW_NAMES = Map.ofEntries(
            Map.entry("sso.proxies", "sso.trusted-proxies"),
            Map.entry("sso.seal.keys", "sso.encryption.keys"),
            Map.entry("sso.session.idle", "sso.session.idle-timeout"),
            Map.entry("sso.session.absolute", "sso.session.absolute-timeout"),
            Map.entry("sso.session.touch-every", "sso.session.touch-interval"),
            Map.entry("sso.session.most-per-user", "sso.session.max-per-user"),
            Map.entry("sso.session.longest-access-token", "sso.session.max-access-token-lifetime"),
            Map.entry("sso.memory.enabled", "sso.cache.enabled"),
            Map.entry("sso.memory.sessions", "sso.cache.max-size"),
            Map.entry("sso.memory.read-again-after", "sso.cache.ttl"),
            Map.entry("sso.memory.lease", "sso.cache.lease-duration"),
            Map.entry("sso.memory.renew-every", "sso.cache.lease-renew-interval"),
            Map.entry("sso.memory.patience", "sso.sign-off.ack-timeout"),
            Map.entry("sso.refresh.ahead", "sso.refresh.time-skew"),
            Map.entry("sso.refresh.lock", "sso.refresh.lock-ttl"),
            Map.entry("sso.refresh.time-limit", "sso.refresh.provider-timeout"),
            Map.entry("sso.refresh.wait-at-most", "sso.refresh.request-timeout"),
            Map.entry("sso.refresh.ask-again-after", "sso.refresh.revalidate-interval"),
            Map.entry("sso.store.time-limit", "sso.store.timeout"),
            Map.entry("sso.bearer.verify", "sso.bearer.verification"),
            Map.entry("sso.bearer.remember", "sso.bearer.cache-ttl"),
            Map.entry("sso.bearer.remembered", "sso.bearer.cache-max-size"),
            Map.entry("sso.downstream.allowed", "sso.downstream.allowed-urls"),
            Map.entry("sso.choose-provider", "sso.provider-selection"),
            Map.entry("sso.events.heartbeat", "sso.events.heartbeat-interval"),
            Map.entry("sso.events.lost-after", "sso.events.unhealthy-after"),
            Map.entry("frame.product", "layout.product"),
            Map.entry("frame.services", "layout.services"),
            Map.entry("frame.profile", "layout.profile"));

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        builder.withInterceptorFactories(new ConfigSourceInterceptorFactory() {
            @Override
            public ConfigSourceInterceptor getInterceptor(ConfigSourceInterceptorContext sources) {
                check(sources);
                return ConfigSourceInterceptorContext::proceed;
            }
        });
    }

    private static void check(ConfigSourceInterceptorContext sources) {
        Problem[] problems = NEW_NAMES.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .flatMap(renamed -> Stream.of(renamed.getKey(), renamed.getKey() + "[0]")
                        .map(sources::proceed)
                        .filter(found -> found != null && found.getValue() != null)
                        .map(found -> problem(found, renamed.getValue())))
                .toArray(Problem[]::new);
        if (problems.length > 0) {
            throw new ConfigValidationException(problems);
        }
    }

    private static Problem problem(ConfigValue old, String newName) {
        return new Problem(old.getName() + " in " + old.getConfigSourceName() + " has another name now: set " + newName
                + " instead");
    }
}
