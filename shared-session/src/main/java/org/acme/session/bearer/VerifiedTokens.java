package org.acme.session.bearer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.acme.session.SsoConfig;
import org.acme.session.contract.Digests;
import org.acme.session.memory.CallerContext;
import org.acme.session.memory.NearCache;
import org.acme.session.provider.Claims;

/**
 * What the provider said of tokens, for some seconds. Bounded, keyed by the token's hash, and dropped when the news come
 * that its session has ended. A refusal and an outage are not remembered; who asks while the provider is being asked waits
 * for the same answer.
 */
@Singleton
class VerifiedTokens {

    private final Cache<String, CompletableFuture<Optional<Claims>>> tokens;

    VerifiedTokens(SsoConfig config, NearCache memory) {
        this.tokens = Caffeine.newBuilder()
                .maximumSize(config.bearer().remembered())
                .expireAfterWrite(config.bearer().remember())
                .build();
        memory.alsoForget(this::forget);
    }

    Uni<Optional<Claims>> get(String token, Supplier<Uni<Optional<Claims>>> ask) {
        String key = Digests.sha256(token);
        CompletableFuture<Optional<Claims>> mine = new CompletableFuture<>();
        CompletableFuture<Optional<Claims>> known = tokens.asMap().putIfAbsent(key, mine);
        if (known != null) {
            return CallerContext.await(known);
        }
        Uni.createFrom()
                .deferred(ask::get)
                .subscribe()
                .with(
                        claims -> {
                            if (claims.isEmpty()) {
                                tokens.asMap().remove(key, mine);
                            }
                            mine.complete(claims);
                        },
                        failure -> {
                            tokens.asMap().remove(key, mine);
                            mine.completeExceptionally(failure);
                        });
        return CallerContext.await(mine);
    }

    /** What is being asked just now may belong to it, too. */
    private void forget(String providerSession) {
        tokens.asMap()
                .values()
                .removeIf(known -> !known.isDone()
                        || known.isCompletedExceptionally()
                        || known.join()
                                .flatMap(TokenClaims::providerSession)
                                .filter(providerSession::equals)
                                .isPresent());
    }
}
