package org.acme.session.notes;

import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.acme.session.testing.ProviderServer;

/**
 * The provider {@code keycloak} as far as bearer tokens are concerned: it signs what it is asked to, and says what a token
 * is worth at its introspection and userinfo endpoints. It can be away.
 */
public final class TokenProvider extends ProviderServer {

    private static final KeyPair KEYS = keys();

    private String issuer;
    private final AtomicInteger questions = new AtomicInteger();
    private volatile boolean away;

    @Override
    protected Map<String, String> serve() {
        issuer = url();
        publish(metadata(issuer)
                .put("introspection_endpoint", issuer + "/introspect")
                .put("userinfo_endpoint", issuer + "/userinfo"));
        on("/jwks", exchange -> send(exchange, away ? 500 : 200, jwks().encode()));
        on("/introspect", exchange -> {
            questions.incrementAndGet();
            String token =
                    URLDecoder.decode(form(exchange).replaceFirst(".*token=([^&]*).*", "$1"), StandardCharsets.UTF_8);
            send(exchange, away ? 500 : 200, (isOurs(token) ? claims(token).put("active", true) : inactive()).encode());
        });
        on("/userinfo", exchange -> {
            questions.incrementAndGet();
            String token =
                    exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
            send(
                    exchange,
                    away ? 500 : isOurs(token) ? 200 : 401,
                    new JsonObject()
                            .put("sub", isOurs(token) ? claims(token).getString("sub") : "")
                            .encode());
        });
        return Map.of("sso.providers.keycloak.url", issuer);
    }

    public static JsonObject jwks() {
        RSAPublicKey key = (RSAPublicKey) KEYS.getPublic();
        return new JsonObject()
                .put(
                        "keys",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("kty", "RSA")
                                        .put("alg", "RS256")
                                        .put("use", "sig")
                                        .put("kid", "ours")
                                        .put("n", unsigned(key.getModulus()))
                                        .put("e", unsigned(key.getPublicExponent()))));
    }

    private static String unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        int start = bytes[0] == 0 ? 1 : 0;
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOfRange(bytes, start, bytes.length));
    }

    /** It knows its own tokens by their key id, and does not expire. */
    private static boolean isOurs(String token) {
        return token.matches("ey[\\w-]+\\.ey[\\w-]+\\..*")
                && "ours".equals(part(token, 0).getString("kid"))
                && claims(token).getLong("exp") > Instant.now().getEpochSecond();
    }

    private static JsonObject claims(String token) {
        return part(token, 1);
    }

    private static JsonObject part(String token, int number) {
        return new JsonObject(
                new String(Base64.getUrlDecoder().decode(token.split("\\.")[number]), StandardCharsets.UTF_8));
    }

    private static JsonObject inactive() {
        return new JsonObject().put("active", false);
    }

    /** The claims of a good access token for alice, to be spoilt; {@link #sign} makes the token. */
    public JwtClaimsBuilder alice() {
        return Jwt.claims()
                .issuer(issuer)
                .subject("subject-of-alice")
                .audience("notes-service")
                .claim("typ", "Bearer")
                .claim("sid", UUID.randomUUID().toString())
                .claim("preferred_username", "alice")
                .claim("scope", "openid notes:read")
                .claim("realm_access", Map.of("roles", java.util.List.of("user")))
                .issuedAt(Instant.now())
                .expiresAt(Instant.now().plusSeconds(300));
    }

    public static String sign(JwtClaimsBuilder claims) {
        return sign(claims, "ours", "JWT");
    }

    public static String sign(JwtClaimsBuilder claims, String keyId, String type) {
        return claims.jws().keyId(keyId).header("typ", type).sign(KEYS.getPrivate());
    }

    public String issuer() {
        return issuer;
    }

    /** How often it was asked what a token is worth. */
    public int questions() {
        return questions.get();
    }

    public void away(boolean isAway) {
        away = isAway;
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
