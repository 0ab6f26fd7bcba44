package org.acme.session;

import io.quarkus.oidc.client.OidcClient;
import io.quarkus.oidc.client.Tokens;
import io.quarkus.oidc.client.reactive.filter.runtime.AbstractOidcClientRequestReactiveFilter;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Sends the service's own access token (client credentials) with the calls of a REST client:
 * {@code @RegisterProvider(ServiceTokenFilter.class)}. For services with {@code quarkus-rest-client-oidc-filter}; others never
 * load this class.
 *
 * <p>Quarkus' own filter waits for a token without a limit and keeps whatever it gets: a request that the provider never
 * answers would block all calls until the next start, and an answer without a token would be the token.
 */
@Priority(Priorities.AUTHENTICATION)
public class ServiceTokenFilter extends AbstractOidcClientRequestReactiveFilter {

    @Override
    protected Optional<OidcClient> client() {
        return Optional.of(new InTime(oidcClientsInstance.get().getClient()));
    }

    /** A provider that is unavailable keeps nobody from starting. */
    @Override
    protected void initTokens() {
        // with the first call
    }

    /** Gives tokens soon or not at all. */
    private record InTime(OidcClient provider) implements OidcClient {

        private static final Duration LIMIT = Duration.ofSeconds(2);

        @Override
        public Uni<Tokens> getTokens(Map<String, String> parameters) {
            return soon(provider.getTokens(parameters));
        }

        @Override
        public Uni<Tokens> refreshTokens(String refreshToken, Map<String, String> parameters) {
            return soon(provider.refreshTokens(refreshToken, parameters));
        }

        @Override
        public Uni<Boolean> revokeAccessToken(String accessToken, Map<String, String> parameters) {
            return provider.revokeAccessToken(accessToken, parameters);
        }

        private static Uni<Tokens> soon(Uni<Tokens> answer) {
            return answer.ifNoItem().after(LIMIT).fail().invoke(tokens -> {
                if (tokens.getAccessToken() == null) {
                    throw new IllegalStateException("The provider's answer holds no token");
                }
            });
        }

        @Override
        public void close() throws IOException {
            provider.close();
        }
    }
}
