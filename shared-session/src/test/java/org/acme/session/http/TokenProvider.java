package org.acme.session.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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

/**
 * The provider {@code keycloak} as far as bearer tokens are concerned: it signs what it is asked to, and says what a token
 * is worth at its introspection and userinfo endpoints. It can be away.
 */
public final class TokenProvider implements QuarkusTestResourceLifecycleManager {

    private static final KeyPair KEYS = keys();

    private HttpServer server;
    private String issuer;
    private final AtomicInteger questions = new AtomicInteger();
    private volatile boolean away;

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        issuer = "http://127.0.0.1:" + server.getAddress().getPort();
        server.createContext("/.well-known/openid-configuration", exchange -> answer(exchange, 200, metadata()));
        server.createContext("/jwks", exchange -> answer(exchange, away ? 500 : 200, jwks()));
        server.createContext("/introspect", exchange -> {
            questions.incrementAndGet();
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String token = URLDecoder.decode(form.replaceFirst(".*token=([^&]*).*", "$1"), StandardCharsets.UTF_8);
            answer(exchange, away ? 500 : 200, isOurs(token) ? claims(token).put("active", true) : inactive());
        });
        server.createContext("/userinfo", exchange -> {
            questions.incrementAndGet();
            String token =
                    exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
            answer(
                    exchange,
                    away ? 500 : isOurs(token) ? 200 : 401,
                    new JsonObject().put("sub", isOurs(token) ? claims(token).getString("sub") : ""));
        });
        server.start();
        return Map.of("sso.providers.keycloak.url", issuer);
    }

    private JsonObject metadata() {
        return new JsonObject()
                .put("issuer", issuer)
                .put("authorization_endpoint", issuer + "/authorize")
                .put("token_endpoint", issuer + "/token")
                .put("jwks_uri", issuer + "/jwks")
                .put("introspection_endpoint", issuer + "/introspect")
                .put("userinfo_endpoint", issuer + "/userinfo");
    }

    static JsonObject jwks() {
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

    private static void answer(HttpExchange exchange, int status, JsonObject json) throws IOException {
        byte[] body = json.encode().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** The claims of a good access token for alice, to be spoilt; {@link #sign} makes the token. */
    JwtClaimsBuilder alice() {
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

    static String sign(JwtClaimsBuilder claims) {
        return sign(claims, "ours", "JWT");
    }

    static String sign(JwtClaimsBuilder claims, String keyId, String type) {
        return claims.jws().keyId(keyId).header("typ", type).sign(KEYS.getPrivate());
    }

    String issuer() {
        return issuer;
    }

    /** How often it was asked what a token is worth. */
    int questions() {
        return questions.get();
    }

    void away(boolean isAway) {
        away = isAway;
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(TokenProvider.class));
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
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
