package org.acme.session;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Settings that are each possible, but not together. They end the start with the names of the keys. */
final class SettingsCheck {

    private static final Set<String> TAKEN = Set.of(
            "session", "sign-in", "resume", "sign-off", "signed-off", "signed-off-here", "verify", "enter", "step-up");

    private SettingsCheck() {}

    /** @throws IllegalArgumentException naming the setting and the rule that it breaks */
    static void check(SsoConfig config) {
        Duration idle = config.session().idle();
        less("sso.session.touch-every", config.session().touchEvery(), "sso.session.idle", idle);
        less("sso.memory.read-again-after", config.memory().readAgainAfter(), "sso.session.idle", idle);
        positive("sso.session.idle", idle);
        require(
                idle.compareTo(config.session().absolute()) <= 0,
                "sso.session.idle must not be longer than sso.session.absolute");
        require(config.session().mostPerUser() > 0, "sso.session.most-per-user must be at least 1");
        positive("sso.session.longest-access-token", config.session().longestAccessToken());
        less(
                "sso.memory.renew-every",
                config.memory().renewEvery(),
                "sso.memory.lease",
                config.memory().lease());
        positive("sso.memory.renew-every", config.memory().renewEvery());
        positive("sso.memory.patience", config.memory().patience());
        positive("sso.refresh.lock", config.refresh().lock());
        positive("sso.refresh.wait-at-most", config.refresh().waitAtMost());
        positive("sso.refresh.ask-again-after", config.refresh().askAgainAfter());
        require(
                config.refresh().exemptPaths().orElse(List.of()).stream()
                        .allMatch(path -> path.matches("([A-Z]+ )?[^/*\\s][^\\s]*")),
                "sso.refresh.exempt-paths are a method, or none, and a path that begins neither with a slash nor with *");
        require(
                config.providers().get(config.defaultProvider()) == null
                        || config.providers().get(config.defaultProvider()).protocol() == SsoConfig.Protocol.OPENID,
                "sso.default-provider must be an OpenID provider: its access tokens are what services accept");
        require(config.sockets().perSession() > 0, "sso.sockets.per-session must be at least 1");
        require(config.sockets().perInstance() > 0, "sso.sockets.per-instance must be at least 1");
        positive("sso.sign-in.timeout", config.signIn().timeout());
        positive("sso.store.time-limit", config.store().timeLimit());
        config.providers().forEach((name, provider) -> {
            require(!TAKEN.contains(name), "A provider cannot be called '" + name + "': auth/" + name + " is taken");
            require(!provider.url().endsWith("/"), "sso.providers." + name + ".url must not end with a slash");
            require(
                    provider.protocol()
                            == SsoConfig.Protocol.OAUTH2
                            == provider.endpoints().isPresent(),
                    "sso.providers." + name + ".endpoints are for the protocol oauth2, which needs them");
            require(
                    !provider.subjectClaim().toLowerCase(java.util.Locale.ROOT).contains("mail"),
                    "sso.providers." + name + ".subject-claim must name a user for good, which no e-mail address does");
        });
    }

    private static void less(String one, Duration shorter, String other, Duration longer) {
        require(shorter.compareTo(longer) < 0, one + " must be shorter than " + other);
    }

    private static void positive(String name, Duration value) {
        require(!value.isZero() && !value.isNegative(), name + " must be more than nothing");
    }

    private static void require(boolean holds, String rule) {
        if (!holds) {
            throw new IllegalArgumentException(rule);
        }
    }
}
