package org.acme.session.internal.backchannel;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.security.Key;
import java.util.Optional;
import org.acme.session.SessionUnavailableException;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.oidc.Providers;
import org.jose4j.jws.JsonWebSignature;

/** Verifies logout tokens (Back-Channel Logout 1.0, section 2.6) with jose4j and the provider's published keys. */
@Singleton
class LogoutTokens {

    private final Providers providers;
    private final SsoConfig config;

    LogoutTokens(Providers providers, SsoConfig config) {
        this.providers = providers;
        this.config = config;
    }

    /**
     * Fails with {@link RefusedLogoutException} when it is no logout token of that provider, and with
     * {@link SessionUnavailableException} when the provider's keys cannot be read, so that nobody can tell.
     */
    Uni<LogoutToken> verify(String provider, String token) {
        JsonWebSignature signed = new JsonWebSignature();
        try {
            LogoutTokenReader.begin(token, signed);
        } catch (RefusedLogoutException e) {
            return Uni.createFrom().failure(e);
        }
        return Uni.combine()
                .all()
                .unis(providers.metadata(provider), providers.signingKey(provider, signed))
                .asTuple()
                .onFailure()
                .transform(away -> new SessionUnavailableException("The provider's keys cannot be read", away))
                .chain(known -> {
                    Optional<Key> key = known.getItem2();
                    if (key.isEmpty()) {
                        return refused("it is signed with a key that the provider does not publish");
                    }
                    try {
                        String client = config.providers().get(provider).clientId();
                        return Uni.createFrom()
                                .item(LogoutTokenReader.read(
                                        token, key.get(), known.getItem1().getString("issuer"), client));
                    } catch (RefusedLogoutException e) {
                        return Uni.createFrom().failure(e);
                    }
                });
    }

    private static <T> Uni<T> refused(String why) {
        return Uni.createFrom().failure(new RefusedLogoutException(why));
    }
}
