package org.acme.session.provider;

import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Set;
import org.acme.session.SsoConfig;
import org.acme.session.contract.SessionRecord;
import org.acme.session.contract.Tokens;

/** Refreshes tokens at a session's provider, and checks that they are still the same user's. */
@Singleton
public class TokenRefresh {

    private final Providers providers;
    private final SsoConfig config;

    TokenRefresh(Providers providers, SsoConfig config) {
        this.providers = providers;
        this.config = config;
    }

    /** What became of a refresh. */
    public sealed interface Result {}

    /** New tokens, and the roles that they grant now. */
    public record Granted(Tokens tokens, Set<String> roles) implements Result {}

    /** {@code invalid_grant}: this refresh token will never work (RFC 6749, section 5.2). */
    public record Refused() implements Result {}

    /** Anything else: nothing is known about the refresh token. */
    public record Unclear(String why) implements Result {}

    /** Refreshes the tokens of a session that has a refresh token. Asks the provider once; never fails. */
    public Uni<Result> refresh(SessionRecord session) {
        String provider = session.identity().provider();
        return providers
                .client(provider)
                .map(client -> client.refresh(session.tokens().refresh().orElseThrow())
                        .map(answer -> judge(session, provider, answer)))
                .orElseGet(
                        () -> Uni.createFrom().item(new Unclear("there is no provider '" + provider + "' any more")));
    }

    private Result judge(SessionRecord session, String provider, ProviderClient.Answer answer) {
        if (answer.refused()) {
            return new Refused();
        }
        if (answer.tokens().isEmpty()) {
            return new Unclear(answer.why());
        }
        // The ID token of a refresh names the same issuer and subject (OIDC Core 1.0, section 12.2).
        boolean sameUser = answer.idToken()
                .map(Claims::of)
                .map(claims -> claims.text("sub")
                                .filter(session.identity().subject()::equals)
                                .isPresent()
                        && claims.text("iss")
                                .filter(session.identity().issuer()::equals)
                                .isPresent())
                .orElse(true);
        if (!sameUser) {
            return new Refused();
        }
        Tokens tokens = answer.tokens().get();
        Set<String> roles = Claims.of(tokens.access())
                .names(config.providers().get(provider).rolesClaim());
        return new Granted(tokens, roles);
    }
}
