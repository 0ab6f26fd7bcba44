package org.acme.session.internal.bearer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.acme.session.contract.Digests;
import org.acme.session.internal.cache.CurrentContext;
import org.acme.session.internal.cache.InvalidatedSessions;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.oidc.Claims;

/**
 * What the provider said of tokens, for some seconds. Bounded, keyed by the token's hash, and dropped when the event comes
 * that its session has ended. A refusal and an outage are not cached; who asks while the provider is being asked waits
 * for the same answer.
 */
@Singleton
class VerifiedTokens {

    private record Verified(long moment, CompletableFuture<Optional<Claims>> claims) {}

    private final Cache<String, Verified> tokens;
    private final InvalidatedSessions invalidated;

    VerifiedTokens(SsoConfig config, InvalidatedSessions invalidated) {
        this.invalidated = invalidated;
        this.tokens = Caffeine.newBuilder()
                .maximumSize(config.bearer().cacheMaxSize())
                .expireAfterWrite(config.bearer().cacheTtl())
                .build();
    }

    Uni<Optional<Claims>> get(String token, Supplier<Uni<Optional<Claims>>> ask) {
        String key = Digests.sha256(token);
        Verified mine = new Verified(invalidated.moment(), new CompletableFuture<>());
        Verified known = tokens.asMap().compute(key, (same, old) -> old != null && isUsable(old) ? old : mine);
        if (known != mine) {
            return CurrentContext.await(known.claims());
        }
        Uni.createFrom()
                .deferred(ask::get)
                .subscribe()
                .with(
                        claims -> {
                            if (claims.isEmpty()) {
                                tokens.asMap().remove(key, mine);
                            }
                            mine.claims().complete(claims);
                        },
                        failure -> {
                            tokens.asMap().remove(key, mine);
                            mine.claims().completeExceptionally(failure);
                        });
        return CurrentContext.await(mine.claims());
    }

    /** What is being asked just now may belong to a session that has been invalidated, too. */
    private boolean isUsable(Verified known) {
        return !invalidated.anySince(known.moment())
                || known.claims().isDone()
                        && !known.claims().isCompletedExceptionally()
                        && !invalidated.contains(
                                known.moment(), known.claims().join().flatMap(TokenClaims::providerSession));
    }
}
