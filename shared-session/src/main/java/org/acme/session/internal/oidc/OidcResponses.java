package org.acme.session.internal.oidc;

import io.quarkus.arc.Unremovable;
import io.quarkus.oidc.OIDCException;
import io.quarkus.oidc.common.OidcEndpoint;
import io.quarkus.oidc.common.OidcResponseFilter;
import io.quarkus.oidc.runtime.OidcUtils;
import io.quarkus.security.AuthenticationFailedException;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.buffer.Buffer;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Supplier;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.config.SsoConfig.Protocol;

/**
 * What a provider answers to quarkus-oidc means what it means to us, and is handed on in the one spelling that quarkus-oidc reads. What
 * is no answer never gets there: half of a discovery document would be a sign-in at {@code null} until the next restart.
 */
final class OidcResponses {

    private OidcResponses() {}

    private static Optional<JsonObject> json(OidcResponseFilter.OidcResponseContext answer) {
        return PlainBody.object(
                answer.responseBody() == null ? null : answer.responseBody().getDelegate());
    }

    /** @param body what quarkus-oidc reads instead; what it throws fails the request */
    private static Uni<Void> handOn(OidcResponseFilter.OidcResponseContext answer, Supplier<JsonObject> body) {
        return Uni.createFrom().item(() -> {
            answer.responseBody(Buffer.newInstance(body.get().toBuffer()));
            return null;
        });
    }

    /** To a request for its metadata. */
    @Singleton
    @Unremovable // quarkus-oidc looks it up by its type
    @OidcEndpoint(OidcEndpoint.Type.DISCOVERY)
    static final class Metadata implements OidcResponseFilter {

        @Override
        public Uni<Void> filter(OidcResponseFilterContext answer) {
            return handOn(answer, () -> ProviderMetadata.read(answer.statusCode(), json(answer)));
        }
    }

    /** To a request for its keys. */
    @Singleton
    @Unremovable // quarkus-oidc looks it up by its type
    @OidcEndpoint(OidcEndpoint.Type.JWKS)
    static final class Keys implements OidcResponseFilter {

        @Override
        public Uni<Void> filter(OidcResponseFilterContext answer) {
            return handOn(answer, () -> SigningKeys.read(answer.statusCode(), json(answer)));
        }
    }

    /** To a request for whose an access token is. */
    @Singleton
    @Unremovable // quarkus-oidc looks it up by its type
    @OidcEndpoint(OidcEndpoint.Type.USERINFO)
    static final class User implements OidcResponseFilter {

        @Override
        public Uni<Void> filter(OidcResponseFilterContext answer) {
            String challenge = answer.responseHeaders().get("WWW-Authenticate");
            return handOn(answer, () -> UserInfoResponse.of(answer.statusCode(), challenge, json(answer))
                    .orElseThrow(() -> new AuthenticationFailedException("The access token is refused")));
        }
    }

    /** To the code of a sign-in. What a service gets for itself (quarkus-oidc-client) comes by here too, and is its own business. */
    @Singleton
    @Unremovable // quarkus-oidc looks it up by its type
    @OidcEndpoint(OidcEndpoint.Type.TOKEN)
    static final class Tokens implements OidcResponseFilter {

        private final SsoConfig config;

        Tokens(SsoConfig config) {
            this.config = config;
        }

        @Override
        public Uni<Void> filter(OidcResponseFilterContext answer) {
            Optional<SsoConfig.Provider> provider = provider(answer);
            if (provider.isEmpty()) {
                return Uni.createFrom().voidItem();
            }
            return handOn(answer, () -> {
                TokenResponse means = TokenResponse.of(answer.statusCode(), json(answer));
                if (means instanceof TokenResponse.Accepted accepted) {
                    return tokens(accepted, provider.get());
                }
                throw failure(means);
            });
        }

        /** Whose sign-in it is; empty when it is none. */
        private Optional<SsoConfig.Provider> provider(OidcResponseContext answer) {
            String name = answer.requestProperties().getString(OidcUtils.TENANT_ID_ATTRIBUTE);
            return Optional.ofNullable(name).map(config.providers()::get);
        }

        private static JsonObject tokens(TokenResponse.Accepted accepted, SsoConfig.Provider provider) {
            boolean openId = provider.protocol() == Protocol.OPENID;
            if (openId && accepted.idToken().isEmpty()) {
                throw new CodeRefusedException("no_id_token");
            }
            JsonObject body = new JsonObject().put("access_token", accepted.access());
            accepted.goodFor().ifPresent(time -> body.put("expires_in", time.toSeconds()));
            accepted.refresh().ifPresent(token -> body.put("refresh_token", token));
            // Of a provider without keys it says nothing: whose the access token is, is asked.
            accepted.idToken().filter(token -> openId).ifPresent(token -> body.put("id_token", token));
            return body;
        }

        private static OIDCException failure(TokenResponse means) {
            if (means instanceof TokenResponse.SignInAgain again) {
                return new CodeRefusedException(again.error());
            }
            return means instanceof TokenResponse.CannotTell unclear
                    ? new ProviderUnavailableException("the token endpoint cannot be read: " + unclear.why())
                    : new CodeRefusedException("invalid_grant");
        }
    }
}
