package org.acme.session.internal.bearer;

import static org.acme.session.notes.TokenProvider.sign;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.acme.session.contract.Digests;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What holds when the provider is asked. */
abstract class RemoteBearerContract extends BearerContract {

    @Test
    @DisplayName("A4 with the provider unavailable, 503: not open, and not refused")
    void providerUnavailable() {
        assertUnverified(sign(provider.alice()));
        assertEquals(200, ask("api/whose", sign(provider.alice())).statusCode());
    }

    @Test
    @DisplayName("A5 the provider is asked once for a while, also under a burst")
    void askedOnce() {
        String token = sign(provider.alice());
        int before = provider.questions();
        CompletableFuture.allOf(IntStream.range(0, 20)
                        .mapToObj(i -> CompletableFuture.runAsync(
                                () -> assertEquals(200, ask("api/whose", token).statusCode())))
                        .toArray(CompletableFuture[]::new))
                .join();
        assertEquals(before + 1, provider.questions());
    }

    @Test
    @DisplayName("A5 a refused token is asked about again")
    void refusalsAreNotRemembered() {
        int before = provider.questions();
        String unknown = sign(provider.alice(), "theirs", "JWT");
        assertRefused(ask("api/whose", unknown), 401, "invalid_token");
        assertRefused(ask("api/whose", unknown), 401, "invalid_token");
        assertEquals(before + 2, provider.questions());
    }

    @Test
    @DisplayName("A5 the event that a session has ended drops what is cached of its tokens, and of no others")
    void droppedByTheNews() {
        String ours = sign(provider.alice().claim("sid", "ours"));
        String other = sign(provider.alice().claim("sid", "another"));
        ask("api/whose", ours);
        ask("api/whose", other);
        int before = provider.questions();

        cache.invalidate("0".repeat(64), Optional.of(Digests.sha256(provider.issuer(), "ours")));

        ask("api/whose", other);
        assertEquals(before, provider.questions());
        ask("api/whose", ours);
        assertEquals(before + 1, provider.questions());
    }
}
