package org.acme.session.internal.backchannel;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.acme.session.SessionUnavailableException;
import org.acme.session.internal.lifecycle.ProviderInitiatedLogout;
import org.acme.session.internal.oidc.Providers;
import org.acme.session.internal.store.SeenLogoutTokens;
import org.acme.session.log.RateLimitedLog;
import org.jboss.resteasy.reactive.RestPath;

/**
 * Where a provider tells that it has ended a session (Back-Channel Logout 1.0, sections 2.5 to 2.8). The answer is 200 only
 * when the sessions have ended in Redis and nobody caches them; the token counts as used after that, so that the
 * provider may send it again when something failed on the way.
 */
@Path("auth/{provider}/back-channel-logout")
class BackChannelLogout {

    private final RateLimitedLog refusals = new RateLimitedLog(BackChannelLogout.class);
    private static final int MOST_BYTES = 8192;

    private final Providers providers;
    private final LogoutTokens tokens;
    private final SeenLogoutTokens seen;
    private final ProviderInitiatedLogout logout;

    BackChannelLogout(Providers providers, LogoutTokens tokens, SeenLogoutTokens seen, ProviderInitiatedLogout logout) {
        this.providers = providers;
        this.tokens = tokens;
        this.seen = seen;
        this.logout = logout;
    }

    @POST
    public Uni<Response> logout(
            @RestPath String provider, @HeaderParam("Content-Type") String contentType, String body) {
        if (!providers.has(provider)) {
            throw new NotFoundException();
        }
        return Uni.createFrom()
                .deferred(() -> {
                    try {
                        return tokens.verify(provider, onlyParameter(contentType, body));
                    } catch (RefusedLogoutException e) {
                        return Uni.createFrom().failure(e);
                    }
                })
                .chain(this::endOnce)
                .map(done -> Response.ok().build())
                .onFailure(RefusedLogoutException.class)
                .recoverWithItem(refusal -> {
                    refusals.warn("A logout of %s was refused: %s", provider, refusal.getMessage());
                    return answer(400, "invalid_request", refusal.getMessage());
                })
                .onFailure(SessionUnavailableException.class)
                .recoverWithItem(away -> answer(503, "temporarily_unavailable", away.getMessage()));
    }

    private static String onlyParameter(String contentType, String body) throws RefusedLogoutException {
        if (contentType == null
                || !contentType.split(";")[0].strip().equalsIgnoreCase(MediaType.APPLICATION_FORM_URLENCODED)) {
            throw new RefusedLogoutException("the request is not a form");
        }
        if (body.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new RefusedLogoutException("the request is too large");
        }
        Map<String, List<String>> form;
        try {
            form = new QueryStringDecoder(body, StandardCharsets.UTF_8, false).parameters();
        } catch (IllegalArgumentException e) {
            throw new RefusedLogoutException("the request is not a form");
        }
        List<String> values = form.getOrDefault("logout_token", List.of());
        if (form.size() != 1 || values.size() != 1) {
            throw new RefusedLogoutException("logout_token is not the one parameter, sent once");
        }
        return values.get(0);
    }

    private Uni<Void> endOnce(LogoutToken token) {
        return seen.isUsed(token.issuer(), token.id())
                .chain(used -> used ? replayed() : end(token))
                .chain(() -> seen.use(token.issuer(), token.id()))
                .chain(first -> first ? Uni.createFrom().voidItem() : replayed());
    }

    /** With both, the session counts (section 2.7). */
    private Uni<Void> end(LogoutToken token) {
        return token.providerSession()
                .map(sid -> logout.ofSession(token.issuer(), sid))
                .orElseGet(() -> logout.ofUser(token.issuer(), token.subject().orElseThrow()));
    }

    private static Uni<Void> replayed() {
        return Uni.createFrom().failure(new RefusedLogoutException("it was used before"));
    }

    /** As OAuth 2.0 describes errors (RFC 6749, section 5.2); {@code Cache-Control: no-store} stands on every answer. */
    private static Response answer(int status, String error, String why) {
        Response.ResponseBuilder answer = Response.status(status)
                .type(MediaType.APPLICATION_JSON)
                .entity(new JsonObject()
                        .put("error", error)
                        .put("error_description", why)
                        .encode());
        return status == 503 ? answer.header("Retry-After", "2").build() : answer.build();
    }
}
