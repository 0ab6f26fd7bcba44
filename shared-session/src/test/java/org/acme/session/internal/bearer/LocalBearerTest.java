package org.acme.session.internal.bearer;

import static org.acme.session.notes.TokenProvider.sign;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.time.Instant;
import org.acme.session.notes.TokenProvider;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By the provider's keys. */
@QuarkusTest
@TestProfile(LocalBearerTest.Profile.class)
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(value = TokenProvider.class, restrictToAnnotatedClass = true)
class LocalBearerTest extends BearerContract {

    public static final class Profile implements QuarkusTestProfile {}

    @Test
    @DisplayName("A4 with known keys nobody is asked, and the provider may be unavailable")
    void nobodyIsAsked() {
        String token = sign(provider.alice());
        assertEquals(200, ask("api/whose", token).statusCode());
        int before = provider.questions();
        provider.away(true);
        assertEquals(200, ask("api/whose", sign(provider.alice())).statusCode());
        assertEquals(before, provider.questions());
    }

    @Test
    @DisplayName("A4 a token signed by a key that cannot be looked up is 503, not let in and not refused")
    void unknownKey() {
        assertUnverified(sign(provider.alice(), "new", "JWT"));
        assertRefused(ask("api/whose", sign(provider.alice(), "newer", "JWT")), 401, "invalid_token");
    }

    @Test
    @DisplayName("S5 a token that has outlived the record of ended sessions is refused")
    void outlivesTheTombstones() {
        long old = Instant.now().getEpochSecond() - 16 * 60;
        assertRefused(ask("api/whose", sign(provider.alice().issuedAt(old))), 401, "invalid_token");
        long young = Instant.now().getEpochSecond() - 14 * 60;
        assertEquals(
                200, ask("api/whose", sign(provider.alice().issuedAt(young))).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "sid"})
    @DisplayName("A3 a name with a NUL, which nobody has, is about the token: 401")
    void noNul(String name) {
        assertRefused(ask("api/whose", sign(provider.alice().claim(name, "a\0b"))), 401, "invalid_token");
    }

    @Test
    @DisplayName("A3 another signature, or none: 401")
    void otherSignature() {
        String good = sign(provider.alice());
        String other = sign(provider.alice().claim("preferred_username", "mallory"));
        String mixed = good.substring(0, good.lastIndexOf('.')) + other.substring(other.lastIndexOf('.'));
        assertRefused(ask("api/whose", mixed), 401, "invalid_token");
        String none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0" + good.substring(good.indexOf('.'));
        assertRefused(ask("api/whose", none.substring(0, none.lastIndexOf('.') + 1)), 401, "invalid_token");
        assertRefused(ask("api/whose", none), 401, "invalid_token");
    }
}
