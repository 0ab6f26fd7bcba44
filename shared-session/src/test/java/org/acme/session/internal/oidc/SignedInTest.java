package org.acme.session.internal.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.acme.session.contract.Identity;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.config.TestConfig;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignedInTest {

    private static SsoConfig.Provider provider(String... more) {
        String[] settings = new String[more.length + 6];
        String[] needed = {"url", "https://p.test", "client-id", "sso", "client-secret", "secret"};
        System.arraycopy(needed, 0, settings, 0, 6);
        System.arraycopy(more, 0, settings, 6, more.length);
        for (int i = 0; i < settings.length; i += 2) {
            settings[i] = "providers.p." + settings[i];
        }
        return TestConfig.with(settings).providers().get("p");
    }

    private static Optional<Identity> byUserInfo(JsonObject userInfo) {
        return SignedIn.read(
                        "p", provider("protocol", "oauth2", "subject-claim", "id"), Claims.of(userInfo), Instant.now())
                .map(SignedIn::identity);
    }

    private static String token(JsonObject claims) {
        return "e30."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(claims.encode().getBytes(StandardCharsets.UTF_8))
                + ".x";
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "\u2003"})
    @DisplayName("I9: a blank is nobody: else all users of a provider that says it would be one")
    void aBlankSubject(String subject) {
        assertEquals(
                Optional.empty(), byUserInfo(new JsonObject().put("id", subject).put("name", "alice")));
        String idToken = token(new JsonObject()
                .put("sub", subject)
                .put("iss", "https://p.test")
                .put("iat", 1));
        assertEquals(Optional.empty(), SignedIn.read("p", provider(), idToken, ""));
    }

    @Test
    @DisplayName("I9: nobody named is nobody")
    void noSubject() {
        assertEquals(Optional.empty(), byUserInfo(new JsonObject().put("name", "alice")));
        String idToken = token(new JsonObject().put("iss", "https://p.test").put("iat", 1));
        assertEquals(Optional.empty(), SignedIn.read("p", provider(), idToken, ""));
    }

    @ParameterizedTest
    @CsvSource({"'', 17", "' ', 17", "alice, alice", "'  alice', '  alice'"})
    @DisplayName("I14: without a name, a user is called by the identifier, never by nothing (next-auth#424)")
    void aBlankName(String name, String called) {
        JsonObject userInfo = new JsonObject().put("id", 17).put("name", name);
        assertEquals(called, byUserInfo(userInfo).orElseThrow().name());
    }
}
