package org.acme.session.internal.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.smallrye.mutiny.Uni;
import java.security.Key;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A provider changes its keys whenever it likes, and is not asked whenever somebody else likes. */
class SigningKeysTest {

    private final PublicJsonWebKey old = newKey("old");
    private final PublicJsonWebKey next = newKey("next");
    private final AtomicLong time = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private Uni<String> published = published(old);
    private final SigningKeys keys = new SigningKeys(
            () -> {
                reads.incrementAndGet();
                return published;
            },
            time::get);

    @Test
    @DisplayName("B1: known keys are not read again")
    void knownKeysAreNotReadAgain() {
        for (int i = 0; i < 10; i++) {
            assertEquals(Optional.of(old.getKey()), find(old));
        }
        assertEquals(1, reads.get());
    }

    @Test
    @DisplayName("B1: a new key is found when a token names it, but not more often than once a second")
    void aNewKeyIsFound() {
        find(old);
        published = published(old, next);

        assertEquals(Optional.empty(), find(next));
        time.addAndGet(SigningKeys.AGAIN_AFTER_NANOS);
        assertEquals(Optional.of(next.getKey()), find(next));
        assertEquals(2, reads.get());
    }

    @Test
    @DisplayName("B1: a withdrawn key is taken for five minutes at most")
    void aWithdrawnKeyIsNoLongerTaken() {
        find(old);
        published = published(next);

        time.addAndGet(SigningKeys.GOOD_FOR_NANOS - 1);
        assertEquals(Optional.of(old.getKey()), find(old));
        time.incrementAndGet();
        assertEquals(Optional.empty(), find(old));
    }

    @Test
    @DisplayName("B4: keys that cannot be read are a failure, not an absence, and the next token asks again")
    void failuresAreNotKept() {
        published = Uni.createFrom().failure(new IllegalStateException("away"));
        assertThrows(IllegalStateException.class, () -> find(old));
        published = Uni.createFrom().item("no JSON");
        assertThrows(IllegalStateException.class, () -> find(old));
        published = published(old);
        assertEquals(Optional.of(old.getKey()), find(old));
    }

    @Test
    @DisplayName("B1: tokens that come at once wait for one answer")
    void oneQuestionForAll() {
        CompletableFuture<String> answer = new CompletableFuture<>();
        published = Uni.createFrom().completionStage(answer);
        List<CompletableFuture<Optional<Key>>> waiting = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            waiting.add(keys.find(token(old)).subscribeAsCompletionStage());
        }

        answer.complete(jwks(old));

        waiting.forEach(found -> assertEquals(Optional.of(old.getKey()), found.join()));
        assertEquals(1, reads.get());
    }

    private Optional<Key> find(PublicJsonWebKey key) {
        return keys.find(token(key)).await().atMost(Duration.ofSeconds(5));
    }

    private static JsonWebSignature token(PublicJsonWebKey key) {
        JsonWebSignature token = new JsonWebSignature();
        token.setAlgorithmHeaderValue("ES256");
        token.setKeyIdHeaderValue(key.getKeyId());
        return token;
    }

    private static Uni<String> published(PublicJsonWebKey... keys) {
        return Uni.createFrom().item(jwks(keys));
    }

    private static String jwks(PublicJsonWebKey... keys) {
        return new JsonWebKeySet(Stream.of(keys).toList()).toJson(OutputControlLevel.PUBLIC_ONLY);
    }

    private static PublicJsonWebKey newKey(String name) {
        try {
            PublicJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId(name);
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
