package org.acme.session.internal.oidc;

import io.quarkus.arc.Unremovable;
import io.quarkus.oidc.common.OidcEndpoint;
import io.quarkus.oidc.common.OidcRequestFilter;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.core.buffer.Buffer;
import io.vertx.mutiny.ext.web.client.HttpRequest;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.acme.session.internal.config.SsoConfig;

/**
 * What quarkus-oidc asks a provider is asked as we ask ourselves: for as long as a request may wait, of bounded size, following no
 * redirect, and once. Left alone it sends the code of a sign-in again when the connection broke, which spends it.
 */
@Singleton
@Unremovable // quarkus-oidc looks it up by its type
class OidcRequestLimits implements OidcRequestFilter {

    private static final String SENT = OidcRequestLimits.class.getName();

    private final Duration limit;

    OidcRequestLimits(SsoConfig config) {
        this.limit = config.refresh().requestTimeout();
    }

    /**
     * Its keys. We ask for them first: when a connection breaks while quarkus-oidc does, it ends the start of the service. What
     * fails in our hands is a provider that is unavailable, which it asks again later.
     */
    @Singleton
    @Unremovable // quarkus-oidc looks it up by its type
    @OidcEndpoint(OidcEndpoint.Type.JWKS)
    static final class KeysFirst implements OidcRequestFilter {

        private final Duration limit;

        KeysFirst(SsoConfig config) {
            this.limit = config.refresh().requestTimeout();
        }

        @Override
        public Uni<Void> filter(OidcRequestFilterContext asked) {
            return limited(asked.request().copy(), limit)
                    .send()
                    .ifNoItem()
                    .after(limit)
                    .fail()
                    .onFailure()
                    .transform(broken -> new ProviderUnavailableException("its keys cannot be read"))
                    .replaceWithVoid();
        }
    }

    private static HttpRequest<Buffer> limited(HttpRequest<Buffer> request, Duration limit) {
        return PlainBody.expectedBy(request)
                .timeout(limit.toMillis())
                .followRedirects(false)
                .putHeader("Accept-Encoding", "identity");
    }

    /** Also called for each further try of the same question, with the same properties. */
    @Override
    public Uni<Void> filter(OidcRequestFilterContext asked) {
        return Uni.createFrom().item(() -> {
            boolean again = asked.contextProperties().get(SENT) != null;
            if (again && asked.requestBody() != null) {
                throw ProviderUnavailableException.toBeUnwrapped("the connection broke");
            }
            asked.contextProperties().put(SENT, true);
            limited(asked.request(), limit);
            return null;
        });
    }
}
