package org.acme.session.internal.oidc;

import io.smallrye.mutiny.Uni;
import io.vertx.core.MultiMap;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.acme.session.internal.http.RequestCookie;

/**
 * Stands before quarkus-oidc's callback and lets through only what belongs to a sign-in under way in this browser, once. It
 * sees what quarkus-oidc does not: parameters sent twice, another issuer's answer (RFC 9207), another browser.
 */
@Singleton
public class CallbackGuard {

    private static final String STATE = "state";
    private static final List<String> ONCE = List.of(STATE, "code", "iss", "error");

    private final Providers providers;
    private final StateSeal seal;
    private final BrowserBinding binding;
    private final RequestCookie cookie;

    CallbackGuard(Providers providers, StateSeal seal, BrowserBinding binding, RequestCookie cookie) {
        this.providers = providers;
        this.seal = seal;
        this.binding = binding;
        this.cookie = cookie;
    }

    /** The sign-in that a callback names; empty for what we did not begin. Nothing is asked for this. */
    public Optional<SignInState> signInOf(RoutingContext request, String provider) {
        MultiMap parameters = request.queryParams();
        boolean wellFormed = request.request().method() == HttpMethod.GET
                && ONCE.stream().allMatch(name -> parameters.getAll(name).size() <= 1);
        return wellFormed ? seal.open(provider, parameters.get(STATE)) : Optional.empty();
    }

    /** Whether the callback may end that sign-in, and in time. Fails when the provider's metadata cannot be read. */
    public Uni<Boolean> allows(RoutingContext request, String provider, SignInState state) {
        return seal.isInTime(state) && binding.isOf(request, state)
                ? comesFrom(provider, request.queryParams().get("iss"))
                : Uni.createFrom().item(false);
    }

    /** A provider that says it names itself in its answers must do so (RFC 9207, section 2.4). */
    private Uni<Boolean> comesFrom(String provider, String issuer) {
        return providers
                .metadata(provider)
                .map(known -> issuer == null
                        ? !known.getBoolean("authorization_response_iss_parameter_supported", false)
                        : issuer.equals(known.getString("issuer")));
    }

    /** From now on the sign-in is used up in this browser: its code is shown to the provider once at most. */
    public void use(RoutingContext request, SignInState state) {
        binding.release(request, state, cookie.isForeign(request));
        state.putInto(request);
    }

    /** Gives quarkus-oidc the state and the cookie that it looks for. The browser never sees either. */
    public void prepare(RoutingContext request, String provider, SignInState state) {
        String cookie = AuthorizationRequests.stateCookie(provider, state.codeFlowState());
        request.queryParams().set(STATE, state.codeFlowState());
        request.response().addCookie(Cookie.cookie(cookie, state.codeFlow()));
        request.addHeadersEndHandler(ignored -> request.response().removeCookie(cookie, false));
    }
}
