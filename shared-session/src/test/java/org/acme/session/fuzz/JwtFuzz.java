package org.acme.session.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.Base64;
import java.util.Optional;
import org.acme.session.internal.backchannel.LogoutReading;
import org.acme.session.internal.oidc.Claims;
import org.acme.session.internal.oidc.SignedJwt;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/**
 * A token that nobody signed, as a bearer token and as a logout token: reading it fails in no way, and it is never accepted. The
 * input is the token itself; or, where it begins with a brace, header and claims with a vertical bar between, which are encoded.
 */
public final class JwtFuzz {

    private static final Key KEY = key();

    private JwtFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        String token = text.startsWith("{") ? encoded(text) : text;
        Claims claims = Claims.of(token);
        readAll(claims);
        readAll(Claims.header(token));
        Optional<SignedJwt> signed = SignedJwt.read(token);
        signed.ifPresent(jwt -> {
            assertTrue(token.length() <= SignedJwt.MOST_CHARACTERS, "too large");
            assertTrue(jwt.header().get("alg") instanceof String, "nobody says how it is signed");
            assertFalse(claims.isEmpty() && !jwt.claims().isEmpty(), "the two readers differ");
            jwt.claims().forEach((name, value) -> {
                if (value instanceof String word) {
                    assertEquals(Optional.of(word), claims.text(name), "the two readers differ");
                }
            });
        });
        String refusal = LogoutReading.refusal(token, KEY, "https://issuer.test", "sso")
                .orElseThrow(() -> new AssertionError("accepted, though nobody signed it"));
        assertTrue(refusal.matches("[a-zA-Z ,]+"), "what is logged: " + refusal);
    }

    private static String encoded(String text) {
        int bar = text.indexOf('|');
        return part(bar < 0 ? text : text.substring(0, bar)) + "." + part(bar < 0 ? "{}" : text.substring(bar + 1))
                + ".AAAA";
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    private static void readAll(Claims claims) {
        for (String time : new String[] {"exp", "iat", "nbf", "auth_time"}) {
            claims.instant(time).ifPresent(at -> at.plusSeconds(3600).toEpochMilli());
        }
        for (String name : new String[] {"aud", "scope", "realm_access/roles", "sub", "a/b"}) {
            claims.names(name);
        }
        assertFalse(claims.scopes().contains(""), "an empty scope");
        claims.personName();
        claims.profile();
        claims.word("sub");
    }

    private static Key key() {
        try {
            return EcJwkGenerator.generateJwk(EllipticCurves.P256).getKey();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
