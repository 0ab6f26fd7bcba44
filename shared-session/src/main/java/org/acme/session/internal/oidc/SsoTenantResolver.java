package org.acme.session.internal.oidc;

import io.quarkus.oidc.TenantResolver;
import io.quarkus.oidc.runtime.OidcUtils;
import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * Says which tenant of quarkus-oidc serves a request: a code flow only where we hand the request over for one, otherwise
 * the one for bearer tokens. Left alone, quarkus-oidc takes any path segment or cookie name for a tenant.
 */
@Singleton
public class SsoTenantResolver implements TenantResolver {

    private static final String PROVIDER = SsoTenantResolver.class.getName();

    private static final List<String> FOREIGN = List.of(OidcUtils.SESSION_COOKIE_NAME, OidcUtils.STATE_COOKIE_NAME);

    /**
     * Hands the request over to the code flow of that provider, without cookies of a code flow: ours keeps none in the browser.
     * Another application that signs in by quarkus-oidc, at another port or a sibling host, does; quarkus-oidc would take its
     * session for one of ours, and refuse the sign-in. In the browser they stay.
     */
    public static void select(RoutingContext request, String provider) {
        request.put(PROVIDER, provider);
        request.request().cookies().stream()
                .map(Cookie::getName)
                .filter(name -> FOREIGN.stream().anyMatch(name::startsWith))
                .distinct()
                .toList()
                .forEach(name -> request.response().removeCookies(name, false));
    }

    @Override
    public String resolve(RoutingContext request) {
        String provider = request.get(PROVIDER);
        return provider == null ? OidcUtils.DEFAULT_TENANT_ID : provider;
    }
}
