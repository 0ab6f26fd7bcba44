package org.acme.session.internal.config;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Settings whose values make no sense, alone or together. They end the start with the name of the setting and the reason. */
final class SettingsCheck {

    private static final Set<String> TAKEN = Set.of(
            "session", "sign-in", "resume", "sign-off", "signed-off", "signed-off-here", "verify", "enter", "step-up");

    /** Parameters of an authorization request that a provider's settings cannot add. */
    private static final Set<String> OURS = Set.of(
            "response_type",
            "response_mode",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "nonce",
            "code_challenge",
            "code_challenge_method");

    private SettingsCheck() {}

    /** @throws IllegalArgumentException naming the setting and the rule that it breaks */
    static void check(SsoConfig config) {
        session(config.session());
        cache(config);
        refresh(config);
        positive("sso.sign-in.timeout", config.signIn().timeout());
        positive("sso.sign-off.ack-timeout", config.signOff().ackTimeout());
        positive("sso.store.timeout", config.store().timeout());
        require(
                config.store().replicas() >= 0,
                "sso.store.replicas (" + config.store().replicas() + ") must not be negative");
        notNegative("sso.bearer.cache-ttl", config.bearer().cacheTtl());
        atLeastOne("sso.bearer.cache-max-size", config.bearer().cacheMaxSize());
        atLeastOne("sso.sockets.per-session", config.sockets().perSession());
        atLeastOne("sso.sockets.per-instance", config.sockets().perInstance());
        config.providers().forEach(SettingsCheck::provider);
        require(
                config.providers().get(config.defaultProvider()) == null
                        || config.providers().get(config.defaultProvider()).protocol() == SsoConfig.Protocol.OPENID,
                "sso.default-provider must be an OpenID provider: services accept its access tokens");
    }

    private static void session(SsoConfig.Session session) {
        positive("sso.session.idle-timeout", session.idleTimeout());
        notLonger(
                "sso.session.idle-timeout",
                session.idleTimeout(),
                "sso.session.absolute-timeout",
                session.absoluteTimeout());
        notNegative("sso.session.touch-interval", session.touchInterval());
        shorter(
                "sso.session.touch-interval",
                session.touchInterval(),
                "sso.session.idle-timeout",
                session.idleTimeout());
        atLeastOne("sso.session.max-per-user", session.maxPerUser());
        positive("sso.session.max-access-token-lifetime", session.maxAccessTokenLifetime());
    }

    private static void cache(SsoConfig config) {
        SsoConfig.Cache cache = config.cache();
        cache.maxSize().ifPresent(size -> atLeastOne("sso.cache.max-size", size));
        positive("sso.cache.ttl", cache.ttl());
        // A read is what counts as activity: later, and a session in constant use would reach its idle timeout.
        shorter(
                "sso.cache.ttl",
                cache.ttl(),
                "sso.session.idle-timeout",
                config.session().idleTimeout());
        positive("sso.cache.lease-renew-interval", cache.leaseRenewInterval());
        shorter(
                "sso.cache.lease-renew-interval",
                cache.leaseRenewInterval(),
                "sso.cache.lease-duration",
                cache.leaseDuration());
        positive("sso.cache.rest-after", cache.restAfter());
    }

    private static void refresh(SsoConfig config) {
        SsoConfig.Refresh refresh = config.refresh();
        notNegative("sso.refresh.time-skew", refresh.timeSkew());
        // Otherwise every token is due as soon as it is issued.
        shorter(
                "sso.refresh.time-skew",
                refresh.timeSkew(),
                "sso.session.max-access-token-lifetime",
                config.session().maxAccessTokenLifetime());
        positive("sso.refresh.lock-ttl", refresh.lockTtl());
        positive("sso.refresh.provider-timeout", refresh.providerTimeout());
        positive("sso.refresh.request-timeout", refresh.requestTimeout());
        positive("sso.refresh.revalidate-interval", refresh.revalidateInterval());
        require(
                refresh.exemptPaths().orElse(List.of()).stream()
                        .allMatch(path -> path.matches("([A-Z]+ )?[^/*\\s][^\\s]*")),
                "sso.refresh.exempt-paths must each be a path, after a method or none, and must not begin with a slash or *");
    }

    private static void provider(String name, SsoConfig.Provider provider) {
        String prefix = "sso.providers." + name;
        require(!TAKEN.contains(name), prefix + " must have another name: auth/" + name + " is taken");
        require(!provider.url().endsWith("/"), prefix + ".url must not end with a slash");
        require(
                provider.protocol()
                        == SsoConfig.Protocol.OAUTH2
                        == provider.endpoints().isPresent(),
                prefix + ".endpoints must be set for the protocol oauth2, and for no other");
        provider.parameters().keySet().forEach(parameter -> parameter(prefix, parameter));
        require(
                !provider.subjectClaim().toLowerCase(Locale.ROOT).contains("mail"),
                prefix + ".subject-claim must identify a user permanently, which no e-mail address does");
    }

    /** Sent twice, no provider takes them (RFC 6749, section 3.1); and an answer that is posted comes without the browser's cookies. */
    private static void parameter(String prefix, String name) {
        require(
                !OURS.contains(name),
                prefix + ".parameters." + name + " must not be set: this service says it itself, or needs it as it is");
    }

    private static void positive(String name, Duration value) {
        require(!value.isZero() && !value.isNegative(), name + " (" + value + ") must be longer than zero");
    }

    private static void notNegative(String name, Duration value) {
        require(!value.isNegative(), name + " (" + value + ") must not be negative");
    }

    private static void atLeastOne(String name, int value) {
        require(value >= 1, name + " (" + value + ") must be at least 1");
    }

    private static void shorter(String name, Duration value, String otherName, Duration other) {
        require(
                value.compareTo(other) < 0,
                name + " (" + value + ") must be shorter than " + otherName + " (" + other + ")");
    }

    private static void notLonger(String name, Duration value, String otherName, Duration other) {
        require(
                value.compareTo(other) <= 0,
                name + " (" + value + ") must not be longer than " + otherName + " (" + other + ")");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
