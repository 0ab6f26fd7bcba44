package org.acme.session.internal.oidc;

import io.quarkus.oidc.Oidc;
import io.quarkus.oidc.OidcTenantConfig;
import io.quarkus.oidc.OidcTenantConfigBuilder;
import io.quarkus.oidc.common.runtime.config.OidcClientCommonConfig.Credentials.Secret.Method;
import io.quarkus.oidc.runtime.OidcTenantConfig.ApplicationType;
import io.quarkus.oidc.runtime.OidcTenantConfig.Roles.Source;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.acme.session.contract.BaseUrl;
import org.acme.session.contract.TokenSeal;
import org.acme.session.internal.config.SsoConfig;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Sets quarkus-oidc up from {@code sso.*}, so that no service can get it half right: a tenant for bearer tokens, and one
 * code flow per provider with PKCE, nonce and an encrypted state that only the callback ever reads.
 */
@Singleton
class ProviderTenants {

    /** Allowed difference between two clocks, in seconds. */
    private static final int SKEW = 30;

    /** A made-up key id must not keep us from seeing the provider's new key for long; nor cost it a question each time. */
    private static final Duration LOOK_FOR_KEYS_AGAIN = Duration.ofSeconds(10);

    /** An ID token comes from the provider itself, so its key is one: looked for at each sign-in, while it cannot be read. */
    private static final Duration LOOK_FOR_NEW_KEYS_AGAIN = Duration.ofSeconds(1);

    private final SsoConfig config;
    private final SignInPaths paths;
    private final BaseUrl baseUrl;
    private final TokenSeal seal;
    private final String service;

    ProviderTenants(
            SsoConfig config,
            SignInPaths paths,
            BaseUrl baseUrl,
            TokenSeal seal,
            @ConfigProperty(name = "quarkus.application.name") String service) {
        this.config = config;
        this.paths = paths;
        this.baseUrl = baseUrl;
        this.seal = seal;
        this.service = service;
    }

    void create(@Observes Oidc oidc) {
        oidc.create(bearer(config.providers().get(config.defaultProvider())));
        config.providers().forEach((name, provider) -> oidc.create(codeFlow(name, provider)));
    }

    /** Bearer tokens are for this service by name, or refused (RFC 9068, section 4). */
    private OidcTenantConfig bearer(SsoConfig.Provider provider) {
        return OidcTenantConfig.authServerUrl(provider.url())
                .applicationType(ApplicationType.SERVICE)
                .clientId(provider.clientId())
                .credentials()
                .clientSecret(provider.clientSecret(), method(provider))
                .end()
                .roles(Source.accesstoken, provider.rolesClaim())
                .token()
                .audience(service)
                .lifespanGrace(SKEW)
                .forcedJwkRefreshInterval(LOOK_FOR_KEYS_AGAIN)
                .allowOpaqueTokenIntrospection(false)
                .allowJwtIntrospection(false)
                .end()
                .build();
    }

    private OidcTenantConfig codeFlow(String name, SsoConfig.Provider provider) {
        boolean openId = provider.protocol() == SsoConfig.Protocol.OPENID;
        OidcTenantConfigBuilder tenant = OidcTenantConfig.authServerUrl(provider.url())
                .tenantId(name)
                .applicationType(ApplicationType.WEB_APP)
                .clientId(provider.clientId())
                .credentials()
                .clientSecret(provider.clientSecret(), method(provider))
                .end()
                .authentication()
                .redirectPath(paths.redirectUri(name))
                .cookiePath(paths.callback(name))
                .cookieForceSecure(baseUrl.secure())
                .pkceRequired(provider.pkce())
                .nonceRequired(openId && provider.nonce())
                .idTokenRequired(openId)
                .addOpenidScope(openId)
                .stateSecret(stateSecret())
                .scopes(List.copyOf(provider.scopes()))
                .extraParams(provider.parameters())
                .end()
                .token()
                .lifespanGrace(SKEW)
                .forcedJwkRefreshInterval(LOOK_FOR_NEW_KEYS_AGAIN)
                .end()
                // What quarkus-oidc would keep in its own cookie is a constant: see SharedSessionTokenStateManager.
                .tokenStateManager()
                .encryptionRequired(false)
                .end();
        // Whose the access token is, we ask ourselves: see SessionStarter.
        provider.endpoints().ifPresent(endpoints -> tenant.discoveryEnabled(false)
                .authorizationPath(endpoints.authorization())
                .tokenPath(endpoints.token())
                .userInfoPath(endpoints.userinfo()));
        return tenant.build();
    }

    private static Method method(SsoConfig.Provider provider) {
        return provider.clientAuthentication() == SsoConfig.ClientAuthentication.POST ? Method.POST : Method.BASIC;
    }

    /** The same in every instance, and no other key's: 32 characters, as AES-256 wants them. */
    private String stateSecret() {
        return Base64.getEncoder()
                .encodeToString(seal.deriveKey("sign-in state"))
                .substring(0, 32);
    }
}
