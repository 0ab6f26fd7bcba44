package org.acme.session.internal.oidc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.quarkus.oidc.runtime.OidcAuthenticationMechanism;
import io.quarkus.oidc.runtime.OidcUtils;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.net.URLEncoder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.acme.session.internal.cache.CurrentContext;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.http.RequestCookie;
import org.acme.session.internal.http.RequestTarget;
import org.acme.session.internal.http.StepUpRequirement;

/**
 * Sends a browser to its provider. quarkus-oidc makes the request; what it would keep in a cookie of 600 bytes and more for
 * each tab travels in the {@code state} parameter, sealed, and the link that was asked for stays in the browser.
 */
@Singleton
public class AuthorizationRequests {

    private static final Pattern STATE = Pattern.compile("([?&]state=)([^&]*)");

    private final OidcAuthenticationMechanism oidc;
    private final StateSeal seal;
    private final BrowserBinding binding;
    private final LinkStore links;
    private final RequestCookie cookie;
    private final Clock clock;
    private final Providers providers;
    private final Duration limit;

    AuthorizationRequests(
            OidcAuthenticationMechanism oidc,
            StateSeal seal,
            BrowserBinding binding,
            LinkStore links,
            RequestCookie cookie,
            Clock clock,
            Providers providers,
            SsoConfig config) {
        this.providers = providers;
        this.limit = config.refresh().requestTimeout();
        this.oidc = oidc;
        this.seal = seal;
        this.binding = binding;
        this.links = links;
        this.cookie = cookie;
        this.clock = clock;
    }

    /**
     * Where to send a browser that asks for a page, which it comes back to.
     *
     * @param wanted what is asked of the sign-in; empty for any
     * @return fails when the provider's metadata cannot be read
     */
    public Uni<String> begin(RoutingContext request, String provider, Optional<StepUpRequirement> wanted) {
        return location(request, provider).map(location -> {
            String id = binding.newId(RequestTarget.of(request));
            return sealed(request, provider, location, id, links.keep(request, id), wanted, false);
        });
    }

    /** The same for a sign-in that the provider could not finish, once; its link is where it was. */
    public Uni<String> again(RoutingContext callback, String provider, SignInState state) {
        return location(callback, provider)
                .map(location -> sealed(callback, provider, location, state.id(), state.link(), state.asked(), true));
    }

    /**
     * Whether one more sign-in would end like the last ones: each has succeeded, and the browser is nobody still, since another cookie
     * stands in the session's place.
     */
    public boolean wouldBeVain(RoutingContext request) {
        return cookie.isForeign(request) && binding.goesInCircles(request, RequestTarget.of(request));
    }

    private Uni<String> location(RoutingContext request, String provider) {
        SsoTenantResolver.select(request, provider);
        // With a provider that is unavailable, quarkus-oidc would ask it once for each visitor; what it
        // says of itself is asked for all.
        return providers
                .metadata(provider)
                .chain(known -> CurrentContext.resume(
                        oidc.getChallenge(request).ifNoItem().after(limit).fail()))
                .map(AuthorizationRequests::location);
    }

    private static String location(ChallengeData challenge) {
        return challenge.getHeaders().entrySet().stream()
                .filter(header -> HttpHeaders.LOCATION
                        .toString()
                        .equalsIgnoreCase(header.getKey().toString()))
                .map(header -> withOneQuery(header.getValue()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("quarkus-oidc redirects nobody: " + challenge.status));
    }

    /** An endpoint may have a query of its own (RFC 6749, section 3.1). quarkus-oidc begins another one behind it. */
    private static String withOneQuery(String location) {
        int query = location.indexOf('?') + 1;
        return location.substring(0, query) + location.substring(query).replace('?', '&');
    }

    private String sealed(
            RoutingContext request,
            String provider,
            String location,
            String id,
            String link,
            Optional<StepUpRequirement> wanted,
            boolean again) {
        Instant now = clock.instant();
        Matcher state = STATE.matcher(location);
        if (!state.find()) {
            throw new IllegalStateException("The request to " + provider + " has no state");
        }
        String codeFlow = taken(request, provider, state.group(2));
        String hash = binding.bind(request, id, now.getEpochSecond());
        String ours = seal.seal(provider, new SignInState(id, hash, now, codeFlow, link, wanted, again));
        String sealed = state.replaceFirst("$1" + ours);
        return wanted.map(asked -> with(asked, sealed)).orElse(sealed);
    }

    /** What quarkus-oidc wanted to be kept, which is taken out of the answer. */
    private static String taken(RoutingContext request, String provider, String state) {
        Cookie cookie = request.response().removeCookie(stateCookie(provider, state), false);
        if (cookie == null) {
            throw new IllegalStateException("quarkus-oidc keeps no state");
        }
        // Without PKCE and nonce it keeps the page's query, as plain text: that has its place already.
        return cookie.getValue().contains(".") ? cookie.getValue() : state;
    }

    private static String with(StepUpRequirement asked, String location) {
        return asked.parameters().entrySet().stream()
                .map(parameter -> parameter.getKey() + "=" + URLEncoder.encode(parameter.getValue(), UTF_8))
                .collect(Collectors.joining("&", location + "&", ""));
    }

    static String stateCookie(String provider, String state) {
        return OidcUtils.STATE_COOKIE_NAME + "_" + provider + "_" + state;
    }
}
