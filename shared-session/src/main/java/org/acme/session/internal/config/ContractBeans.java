package org.acme.session.internal.config;

import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Clock;
import org.acme.session.contract.BaseUrl;
import org.acme.session.contract.CookieSigner;
import org.acme.session.contract.SessionCookie;
import org.acme.session.contract.TokenSeal;
import org.jboss.logging.Logger;

/** The Quarkus-free parts, made from the configuration. Wrong settings end the start, with the reason. */
@Singleton
class ContractBeans {

    private static final Logger LOG = Logger.getLogger(ContractBeans.class);

    /** Before all others, so that none meets a value that it cannot bear. */
    void check(@Observes @Priority(Interceptor.Priority.PLATFORM_BEFORE) StartupEvent start, SsoConfig config) {
        SettingsCheck.check(config);
    }

    /** Makes them all, so that a setting that is wrong shows now and not at the first sign-in. */
    void make(
            @Observes StartupEvent start, BaseUrl baseUrl, SessionCookie cookie, CookieSigner signer, TokenSeal seal) {
        LOG.infof("Shared session at %s, cookie %s", baseUrl.origin(), cookie.name());
    }

    @Produces
    @Singleton
    BaseUrl baseUrl(SsoConfig config) {
        return BaseUrl.parse(config.baseUrl());
    }

    @Produces
    @Singleton
    SessionCookie cookie(BaseUrl baseUrl, SsoConfig config) {
        return SessionCookie.of(baseUrl, config.cookie().domain());
    }

    @Produces
    @Singleton
    CookieSigner signer(SsoConfig config) {
        return new CookieSigner(config.cookie().secrets());
    }

    @Produces
    @Singleton
    TokenSeal seal(SsoConfig config) {
        return TokenSeal.of(config.encryption().keys());
    }

    /** A service that brings a clock of its own has one clock for everything, sessions included. */
    @Produces
    @Singleton
    @DefaultBean
    Clock clock() {
        return Clock.systemUTC();
    }
}
