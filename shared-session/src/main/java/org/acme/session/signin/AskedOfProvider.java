package org.acme.session.signin;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.QueryStringEncoder;
import io.quarkus.arc.Unremovable;
import io.quarkus.oidc.OidcRedirectFilter;
import io.quarkus.oidc.Redirect;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.acme.session.contract.BaseUrl;
import org.acme.session.web.StepUp;

/**
 * Asks the provider for a recent or stronger sign-in ({@code max_age}, {@code acr_values}: OIDC Core 1.0, section 3.1.2.1),
 * and remembers until its callback that it did. A provider may answer with less (section 3.1.3.7, items 12 and 13): who then
 * came back to the page would be sent away again, and so on. What was asked lies in a cookie beside quarkus-oidc's state
 * cookie, of the same life, path and state. Whoever tampers with it only sends himself round: what counts is in the ID token.
 */
@Singleton
@Unremovable // quarkus-oidc looks it up by its type
@Redirect(Redirect.Location.OIDC_AUTHORIZATION)
public class AskedOfProvider implements OidcRedirectFilter {

    private static final String WANTED = AskedOfProvider.class.getName();
    private static final String COOKIE = "sso-asked_";
    private static final String STATE = "state";

    private final SignInPaths paths;
    private final BaseUrl baseUrl;

    AskedOfProvider(SignInPaths paths, BaseUrl baseUrl) {
        this.paths = paths;
        this.baseUrl = baseUrl;
    }

    /** Says so for the way to the provider that begins with this request. */
    public static void ask(RoutingContext request, StepUp wanted) {
        request.put(WANTED, wanted);
    }

    @Override
    public void filter(OidcRedirectContext redirect) {
        StepUp wanted = redirect.routingContext().get(WANTED);
        if (wanted == null) {
            return;
        }
        redirect.additionalQueryParams().addAll(wanted.parameters());
        String state = parameters(redirect.redirectUri(), true).get(STATE);
        String provider = redirect.oidcTenantConfig().tenantId().orElseThrow();
        QueryStringEncoder value = new QueryStringEncoder("");
        wanted.parameters().forEach(value::addParam);
        redirect.routingContext()
                .response()
                .addCookie(cookie(provider, state, value.toString().substring(1))
                        .setMaxAge(redirect.oidcTenantConfig()
                                .authentication()
                                .stateCookieAge()
                                .toSeconds()));
    }

    /** What the sign-in that ends with this callback was asked for; that is not asked twice, so it is forgotten. */
    Optional<StepUp> of(RoutingContext callback, String provider) {
        String state = callback.queryParams().get(STATE);
        Cookie asked = callback.request().getCookie(COOKIE + state);
        if (asked == null) {
            return Optional.empty();
        }
        callback.response().addCookie(cookie(provider, state, "").setMaxAge(0));
        return Optional.of(StepUp.of(parameters(asked.getValue(), false)));
    }

    private Cookie cookie(String provider, String state, String value) {
        return Cookie.cookie(COOKIE + state, value)
                .setPath(paths.callback(provider))
                .setHttpOnly(true)
                .setSecure(baseUrl.secure())
                .setSameSite(CookieSameSite.LAX);
    }

    private static Map<String, String> parameters(String text, boolean hasPath) {
        return new QueryStringDecoder(text, hasPath)
                .parameters().entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, parameter -> parameter
                        .getValue()
                        .get(0)));
    }
}
