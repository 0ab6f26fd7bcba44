package org.acme.session.internal.oidc;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;

/** Ends sessions at the providers. */
@Singleton
public class LogoutAtProvider {

    private final Providers providers;

    LogoutAtProvider(Providers providers) {
        this.providers = providers;
    }

    /**
     * Ends the provider's session that the refresh token belongs to.
     *
     * @return whether the provider confirmed; false also when there is nobody or nothing to ask with. Never fails.
     */
    public Uni<Boolean> end(Optional<String> provider, Optional<String> refreshToken) {
        if (refreshToken.isEmpty()) {
            return Uni.createFrom().item(false);
        }
        return provider.flatMap(providers::client)
                .map(client -> client.endSession(refreshToken.get()))
                .orElseGet(() -> Uni.createFrom().item(false));
    }
}
