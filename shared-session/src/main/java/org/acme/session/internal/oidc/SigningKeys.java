package org.acme.session.internal.oidc;

import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonObject;
import java.security.Key;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.acme.session.internal.cache.CurrentContext;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.VerificationJwkSelector;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;

/**
 * The keys that one provider signs with. Read when first needed, again after a few minutes (a key may have been withdrawn),
 * and at once when a token names a key that is not among them (a new one); but not for every token that does.
 */
final class SigningKeys {

    static final long GOOD_FOR_NANOS = Duration.ofMinutes(5).toNanos();

    /** Who sends made-up key names costs the provider one question in that time. */
    static final long AGAIN_AFTER_NANOS = Duration.ofSeconds(1).toNanos();

    private record Known(JsonWebKeySet keys, long readAt) {}

    private final Supplier<Uni<String>> source;
    private final LongSupplier nanoTime;
    private final AtomicReference<CompletableFuture<Known>> reading = new AtomicReference<>();
    private volatile Known known;

    SigningKeys(Supplier<Uni<String>> source, LongSupplier nanoTime) {
        this.source = source;
        this.nanoTime = nanoTime;
    }

    /** The key that verifies this token; empty when the provider publishes none. Fails when its keys cannot be read. */
    Uni<Optional<Key>> find(JsonWebSignature token) {
        Known last = known;
        long age = last == null ? Long.MAX_VALUE : nanoTime.getAsLong() - last.readAt();
        if (age < GOOD_FOR_NANOS) {
            Optional<Key> key = select(last.keys(), token);
            if (key.isPresent() || age < AGAIN_AFTER_NANOS) {
                return Uni.createFrom().item(key);
            }
        }
        return CurrentContext.await(read()).map(now -> select(now.keys(), token));
    }

    /** One question, however many wait for its answer. */
    private CompletableFuture<Known> read() {
        CompletableFuture<Known> mine = new CompletableFuture<>();
        CompletableFuture<Known> running = reading.compareAndExchange(null, mine);
        if (running != null) {
            return running;
        }
        Uni.createFrom()
                .deferred(source::get)
                .map(this::parse)
                .subscribe()
                .with(
                        keys -> {
                            known = keys;
                            reading.set(null);
                            mine.complete(keys);
                        },
                        failure -> {
                            reading.set(null);
                            mine.completeExceptionally(failure);
                        });
        return mine;
    }

    private Known parse(String json) {
        return new Known(keys(json), nanoTime.getAsLong());
    }

    private static JsonWebKeySet keys(String json) {
        try {
            return new JsonWebKeySet(json);
        } catch (JoseException | RuntimeException e) {
            throw new IllegalStateException("The provider's keys are not a JWK set", e);
        }
    }

    /**
     * The answer to a question for keys, if it has one at least.
     *
     * @param body empty when it is no JSON object
     * @throws ProviderUnavailableException otherwise
     */
    static JsonObject read(int status, Optional<JsonObject> body) {
        if (status != 200 || body.isEmpty()) {
            throw new ProviderUnavailableException("its keys cannot be read: status " + status);
        }
        try {
            if (keys(body.get().encode()).getJsonWebKeys().isEmpty()) {
                throw new ProviderUnavailableException("it publishes no keys");
            }
        } catch (IllegalStateException noKeys) {
            throw new ProviderUnavailableException("its keys are not a JWK set");
        }
        return body.get();
    }

    private static Optional<Key> select(JsonWebKeySet keys, JsonWebSignature token) {
        try {
            JsonWebKey key = new VerificationJwkSelector().select(token, keys.getJsonWebKeys());
            return Optional.ofNullable(key).map(JsonWebKey::getKey);
        } catch (JoseException | RuntimeException oddHeader) {
            return Optional.empty();
        }
    }
}
