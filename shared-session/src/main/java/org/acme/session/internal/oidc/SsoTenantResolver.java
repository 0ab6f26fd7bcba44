package org.acme.session.internal.oidc;

import io.quarkus.oidc.TenantResolver;
import io.quarkus.oidc.runtime.OidcUtils;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/**
 * Says which tenant of quarkus-oidc serves a request: a code flow only where we hand the request over for one, otherwise
 * the one for bearer tokens. Left alone, quarkus-oidc takes any path segment or cookie name for a tenant.
 */
@Singleton
public class SsoTenantResolver implements TenantResolver {

    private static final String PROVIDER = SsoTenantResolver.class.getName();

    /** Hands the request over to the code flow of that provider. */
    public static void select(RoutingContext request, String provider) {
        request.put(PROVIDER, provider);
    }

    @Override
    public String resolve(RoutingContext request) {
        String provider = request.get(PROVIDER);
        return provider == null ? OidcUtils.DEFAULT_TENANT_ID : provider;
    }
}
