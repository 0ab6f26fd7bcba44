package org.acme.session.signin;

import io.quarkus.oidc.runtime.OidcUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import org.acme.session.provider.Providers;

/**
 * Stands before quarkus-oidc's callback and lets through only what belongs to a sign-in under way in this browser. It
 * sees what quarkus-oidc does not: parameters sent twice, another issuer's answer (RFC 9207), a missing state cookie.
 */
@Singleton
public class CallbackGuard {

    private static final List<String> ONCE = List.of("state", "code", "iss", "error");

    private final Providers providers;

    CallbackGuard(Providers providers) {
        this.providers = providers;
    }

    /** Whether the callback may be completed. Fails when the provider's metadata cannot be read. */
    public Uni<Boolean> allows(RoutingContext request, String provider) {
        MultiMap parameters = request.queryParams();
        String state = parameters.get("state");
        boolean wellFormed = request.request().method() == HttpMethod.GET
                && ONCE.stream().allMatch(name -> parameters.getAll(name).size() <= 1)
                && state != null
                && hasStateCookie(request, provider, state);
        return wellFormed
                ? comesFrom(provider, parameters.get("iss"))
                : Uni.createFrom().item(false);
    }

    private static boolean hasStateCookie(RoutingContext request, String provider, String state) {
        return request.request().getCookie(OidcUtils.STATE_COOKIE_NAME + "_" + provider + "_" + state) != null;
    }

    /** A provider that says it names itself in its answers must do so (RFC 9207, section 2.4). */
    private Uni<Boolean> comesFrom(String provider, String issuer) {
        return providers
                .metadata(provider)
                .map(known -> issuer == null
                        ? !known.getBoolean("authorization_response_iss_parameter_supported", false)
                        : issuer.equals(known.getString("issuer")));
    }
}
