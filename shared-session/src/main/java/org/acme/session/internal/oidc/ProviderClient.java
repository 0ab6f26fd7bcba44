package org.acme.session.internal.oidc;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.mutiny.core.MultiMap;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpRequest;
import io.vertx.mutiny.ext.web.client.HttpResponse;
import io.vertx.mutiny.ext.web.client.WebClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.acme.session.internal.config.SsoConfig;

/**
 * Asks one provider for what quarkus-oidc does not do for a session that is not its own: refresh, and end the provider's
 * session. Nothing is sent twice: a refresh token that the provider rotates may be used once.
 */
final class ProviderClient {

    /** The end of a provider's session is worth waiting that long for; the shared session has ended anyway. */
    private static final Duration LOGOUT_LIMIT = Duration.ofSeconds(2);

    /** A request waits for it. */
    private static final Duration CHECK_LIMIT = Duration.ofSeconds(2);

    private static final Duration DISCOVERY_LIMIT = Duration.ofSeconds(2);

    /** Refreshes and logouts have connections of their own: a hung provider must not make one wait for the other. */
    private final WebClient refreshing;

    private final WebClient ending;
    private final WebClient checking;
    private final SsoConfig.Provider provider;
    private final Duration timeLimit;
    private final ReadOnce<JsonObject> discovery = new ReadOnce<>(this::discover, System::nanoTime);
    private volatile JsonObject metadata;

    ProviderClient(Vertx vertx, SsoConfig.Provider provider, Duration timeLimit) {
        this.refreshing = client(vertx);
        this.ending = client(vertx);
        this.checking = client(vertx);
        this.provider = provider;
        this.timeLimit = timeLimit;
        this.metadata = provider.endpoints().map(this::withoutDiscovery).orElse(null);
    }

    /** What a provider that speaks OAuth 2.0 only would say of itself. */
    private JsonObject withoutDiscovery(SsoConfig.Endpoints endpoints) {
        return new JsonObject()
                .put("issuer", provider.url())
                .put("token_endpoint", endpoints.token())
                .put("userinfo_endpoint", endpoints.userinfo());
    }

    private static WebClient client(Vertx vertx) {
        return WebClient.create(
                vertx,
                new WebClientOptions()
                        .setFollowRedirects(false)
                        .setConnectTimeout(2000)
                        .setMaxPoolSize(32)
                        .setMaxWaitQueueSize(256));
    }

    /** Uses a refresh token. Never fails. */
    Uni<TokenResponse> refresh(String refreshToken) {
        MultiMap form = MultiMap.caseInsensitiveMultiMap()
                .add("grant_type", "refresh_token")
                .add("refresh_token", refreshToken);
        return post(refreshing, "token_endpoint", form, timeLimit)
                .map(response -> TokenResponse.of(response.statusCode(), json(response)))
                .onFailure()
                .recoverWithItem(failure ->
                        new TokenResponse.CannotTell(failure.getClass().getSimpleName()));
    }

    private static Optional<JsonObject> json(HttpResponse<Buffer> response) {
        return PlainBody.object(response.body() == null ? null : response.body().getDelegate());
    }

    /**
     * Ends the provider's session by its refresh token, without the browser, and so without a token in a URL. Keycloak
     * takes a refresh token at its end-session endpoint and answers 204. Where that is not understood the token is at
     * least revoked (RFC 7009), which leaves the provider's own session alone.
     *
     * @return whether the provider's session has ended; never fails
     */
    Uni<Boolean> endSession(String refreshToken) {
        MultiMap logout = MultiMap.caseInsensitiveMultiMap().add("refresh_token", refreshToken);
        return post(ending, "end_session_endpoint", logout, LOGOUT_LIMIT)
                .map(answer -> answer.statusCode() == 204)
                .onFailure()
                .recoverWithItem(false)
                .call(ended -> ended ? Uni.createFrom().voidItem() : revoke(refreshToken));
    }

    /**
     * What the provider says of an access token (RFC 7662); empty for one that is not active. Fails when it cannot be asked.
     *
     * @param client who asks; Keycloak tells it only of tokens that name it as audience
     */
    Uni<Optional<Claims>> introspect(String token, Credentials client) {
        MultiMap form = MultiMap.caseInsensitiveMultiMap().add("token", token).add("token_type_hint", "access_token");
        return post(checking, "introspection_endpoint", form, CHECK_LIMIT, client)
                .map(answer -> {
                    JsonObject body = required("introspection", answer);
                    if (!(body.getValue("active") instanceof Boolean active)) {
                        throw new ProviderUnavailableException("introspection says nothing of the token");
                    }
                    return active ? Optional.of(Claims.of(body)) : Optional.empty();
                });
    }

    /** Whose an access token is (OIDC Core 1.0, section 5.3); empty when it is refused. Fails when it cannot be asked. */
    Uni<Optional<Claims>> userInfo(String token) {
        return metadata()
                .chain(known -> asking(checking.getAbs(address(known, "userinfo_endpoint")), CHECK_LIMIT)
                        .bearerTokenAuthentication(token)
                        .send())
                .ifNoItem()
                .after(CHECK_LIMIT)
                .fail()
                .map(answer -> UserInfoResponse.of(
                                answer.statusCode(), answer.getHeader("WWW-Authenticate"), json(answer))
                        .map(Claims::of));
    }

    private static JsonObject required(String endpoint, HttpResponse<Buffer> answer) {
        return (answer.statusCode() == 200 ? json(answer) : Optional.<JsonObject>empty())
                .orElseThrow(() -> unreadable(endpoint, answer));
    }

    private static ProviderUnavailableException unreadable(String endpoint, HttpResponse<Buffer> answer) {
        return new ProviderUnavailableException(endpoint + " cannot be read: status " + answer.statusCode());
    }

    /** The public address of the provider's sign-off, for a browser. */
    Uni<Optional<String>> endSessionUrl(String back) {
        return metadata().map(known -> Optional.ofNullable(known.getString("end_session_endpoint"))
                .map(address -> address + (address.contains("?") ? "&" : "?") + "client_id="
                        + encode(provider.clientId()) + "&post_logout_redirect_uri=" + encode(back)));
    }

    private Uni<Void> revoke(String refreshToken) {
        MultiMap form =
                MultiMap.caseInsensitiveMultiMap().add("token", refreshToken).add("token_type_hint", "refresh_token");
        return post(ending, "revocation_endpoint", form, LOGOUT_LIMIT)
                .replaceWithVoid()
                .onFailure()
                .recoverWithNull();
    }

    /** The limit is the exchange's own: nothing is left behind that would still be sent, or answered, after it. */
    private Uni<HttpResponse<Buffer>> post(WebClient http, String endpoint, MultiMap form, Duration limit) {
        return post(http, endpoint, form, limit, new Credentials(provider.clientId(), provider.clientSecret()));
    }

    private Uni<HttpResponse<Buffer>> post(
            WebClient http, String endpoint, MultiMap form, Duration limit, Credentials client) {
        return metadata()
                .map(known -> address(known, endpoint))
                .chain(address -> send(asking(http.postAbs(address), limit), form, client))
                .ifNoItem()
                .after(limit)
                .fail();
    }

    private Uni<HttpResponse<Buffer>> send(HttpRequest<Buffer> request, MultiMap form, Credentials client) {
        return provider.clientAuthentication() == SsoConfig.ClientAuthentication.POST
                ? request.sendForm(form.add("client_id", client.id()).add("client_secret", client.secret()))
                : request.basicAuthentication(encode(client.id()), encode(client.secret()))
                        .sendForm(form);
    }

    /** A client of the provider, as it names itself there. */
    record Credentials(String id, String secret) {

        @Override
        public String toString() {
            return id;
        }
    }

    /**
     * Keycloak names browser endpoints by its public address. We come by the internal one, so an endpoint below the
     * issuer is taken below the configured address.
     */
    private String address(JsonObject known, String endpoint) {
        String address = known.getString(endpoint);
        if (address == null) {
            throw new ProviderUnavailableException("it names no " + endpoint);
        }
        String issuer = known.getString("issuer");
        return address.startsWith(issuer + "/") ? provider.url() + address.substring(issuer.length()) : address;
    }

    /**
     * What the provider says about itself, read once. Fails while that is not what is needed ({@link ProviderMetadata}); it is
     * asked again then, once a second at most.
     */
    Uni<JsonObject> metadata() {
        JsonObject known = metadata;
        return known != null ? Uni.createFrom().item(known) : discovery.read();
    }

    private Uni<JsonObject> discover() {
        return get(provider.url() + "/.well-known/openid-configuration")
                .map(answer -> ProviderMetadata.read(answer.statusCode(), json(answer)))
                .invoke(found -> metadata = found);
    }

    /** The keys that the provider signs with, as JSON (RFC 7517, section 5). */
    Uni<String> signingKeys() {
        return metadata().chain(known -> get(address(known, "jwks_uri"))).map(answer -> SigningKeys.read(
                        answer.statusCode(), json(answer))
                .encode());
    }

    private Uni<HttpResponse<Buffer>> get(String address) {
        return asking(refreshing.getAbs(address), DISCOVERY_LIMIT)
                .send()
                .ifNoItem()
                .after(DISCOVERY_LIMIT)
                .fail();
    }

    /** @param limit also for a pause within the answer; the whole exchange has its own */
    private static HttpRequest<Buffer> asking(HttpRequest<Buffer> request, Duration limit) {
        return PlainBody.expectedBy(request)
                .timeout(limit.toMillis())
                .putHeader("Accept", "application/json")
                .putHeader("Accept-Encoding", "identity");
    }

    /** Client id and secret are form-encoded before they go into Basic (RFC 6749, section 2.3.1). */
    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
