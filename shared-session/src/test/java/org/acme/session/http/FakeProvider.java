package org.acme.session.http;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The provider {@code other}: it says who it is, promises to name itself in its answers (RFC 9207), and refuses every code
 * that it is shown but those of {@link #codeFor}. It counts those, for a code that reached it was let through by the callback
 * guard.
 */
public final class FakeProvider implements QuarkusTestResourceLifecycleManager {

    static final String ISSUER = "https://issuer.test";

    private static final Pattern GOOD_CODE = Pattern.compile("(?:^|&)code=good\\.([\\w-]+)");

    private final AtomicInteger codes = new AtomicInteger();
    private HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        answer(
                "/.well-known/openid-configuration",
                200,
                new JsonObject()
                        .put("issuer", ISSUER)
                        .put("authorization_endpoint", address + "/authorize")
                        .put("token_endpoint", address + "/token")
                        .put("jwks_uri", address + "/jwks")
                        .put("authorization_response_iss_parameter_supported", true));
        answer("/jwks", 200, TokenProvider.jwks());
        server.createContext("/token", exchange -> {
            codes.incrementAndGet();
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            Matcher code = GOOD_CODE.matcher(form);
            boolean good = code.find();
            byte[] body =
                    (good ? tokens(code.group(1)) : "{\"error\":\"invalid_grant\"}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(good ? 200 : 400, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/codes", exchange -> {
            byte[] body = Integer.toString(codes.get()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return Map.of(
                "sso.providers.other.url", address,
                "sso.providers.other.client-id", "sso",
                "sso.providers.other.client-secret", "only-for-tests-and-long-enough-0123");
    }

    /** A code that is good for an ID token of alice with these claims besides the usual ones. */
    static String codeFor(JsonObject claims) {
        return "good."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(claims.encode().getBytes(StandardCharsets.UTF_8));
    }

    private static String tokens(String code) {
        JwtClaimsBuilder claims = Jwt.claims()
                .issuer(ISSUER)
                .subject("subject-of-alice")
                .audience("sso")
                .claim("preferred_username", "alice")
                .issuedAt(Instant.now())
                .expiresAt(Instant.now().plusSeconds(300));
        new JsonObject(new String(Base64.getUrlDecoder().decode(code), StandardCharsets.UTF_8))
                .forEach(claim -> claims.claim(claim.getKey(), claim.getValue()));
        return new JsonObject()
                .put("access_token", "an-access-token")
                .put("token_type", "Bearer")
                .put("expires_in", 300)
                .put("id_token", TokenProvider.sign(claims))
                .encode();
    }

    private void answer(String path, int status, JsonObject json) {
        server.createContext(path, exchange -> {
            byte[] body = json.encode().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }

    /** How many codes have reached the token endpoint. */
    static int codes() {
        String address = ConfigProvider.getConfig().getValue("sso.providers.other.url", String.class);
        return Integer.parseInt(Browser.send(
                        HttpRequest.newBuilder(URI.create(address + "/codes")).build())
                .body());
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }
}
