package org.acme.session.internal.oidc;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.oidc.ProviderClient.Credentials;

/** Asks the provider of bearer tokens what one is worth. Every result fails when it cannot be asked. */
@Singleton
public class TokenAuthority {

    private final ProviderClient provider;
    private final Credentials client;

    TokenAuthority(Providers providers, SsoConfig config) {
        SsoConfig.Provider known = config.providers().get(providers.defaultProvider());
        this.provider = providers.client(providers.defaultProvider()).orElseThrow();
        this.client = config.ownClient()
                .secret()
                .map(secret -> new Credentials(config.ownClient().id(), secret))
                .orElseGet(() -> new Credentials(known.clientId(), known.clientSecret()));
    }

    /** What the provider says about itself. */
    public Uni<JsonObject> metadata() {
        return provider.metadata();
    }

    /** What the provider says about an access token (RFC 7662); empty when it is worth nothing. */
    public Uni<Optional<Claims>> introspect(String token) {
        return provider.introspect(token, client);
    }

    /**
     * The claims of an access token that the provider's userinfo endpoint takes for that very user. A token that is no JWT
     * is refused: nothing would say whom it was made for.
     */
    public Uni<Optional<Claims>> askWhose(String token) {
        Claims claims = Claims.of(token);
        return provider.userInfo(token).map(user -> user.filter(
                        info -> info.text("sub").isPresent() && info.text("sub").equals(claims.text("sub")))
                .map(same -> claims));
    }
}
