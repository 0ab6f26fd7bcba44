package org.acme.session.signin;

import io.quarkus.arc.Unremovable;
import io.quarkus.oidc.OidcRedirectFilter;
import io.quarkus.oidc.Redirect;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;

/**
 * Asks the provider for a sign-in that is not older than so many seconds ({@code max_age}, OIDC Core 1.0, section 3.1.2.1).
 * What came of it is in the ID token's {@code auth_time}, so in the new session: a provider that ignores it is asked again.
 */
@Singleton
@Unremovable // quarkus-oidc looks it up by its type
@Redirect(Redirect.Location.OIDC_AUTHORIZATION)
public class MaxAge implements OidcRedirectFilter {

    private static final String SECONDS = MaxAge.class.getName();

    /** Says so for the way to the provider that begins with this request. */
    public static void ask(RoutingContext request, int seconds) {
        request.put(SECONDS, seconds);
    }

    @Override
    public void filter(OidcRedirectContext redirect) {
        Integer seconds = redirect.routingContext().get(SECONDS);
        if (seconds != null) {
            redirect.additionalQueryParams().add("max_age", seconds.toString());
        }
    }
}
