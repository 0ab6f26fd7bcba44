package org.acme.session.http;

import com.sun.net.httpserver.HttpExchange;
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
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.acme.session.internal.oidc.ProviderAnswer;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The provider {@code other}: it says who it is, promises to name itself in its answers (RFC 9207), and refuses every code
 * that it is shown but those of {@link #codeFor}. It counts those, for a code that reached it was let through by the callback
 * guard. What it answers at an endpoint can be scripted ({@link #answers}).
 *
 * <p>Beside it are {@code late}, which has nothing to say about itself until {@link #isThere}, and whose token endpoint then has an
 * address that no name server knows; and {@code plain}, which speaks OAuth 2.0 only and has its tokens and users from {@code other}.
 */
public final class FakeProvider implements QuarkusTestResourceLifecycleManager {

    static final String ISSUER = "https://issuer.test";

    private static final Pattern GOOD_CODE = Pattern.compile("(?:^|&)code=good\\.([\\w-]+)");

    /** The refresh tokens that it takes belong to alice. */
    static final String SUBJECT = "subject-of-alice";

    private final AtomicInteger codes = new AtomicInteger();
    private final AtomicInteger lateQuestions = new AtomicInteger();
    private final Map<String, ProviderAnswer> scripted = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile boolean there;
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
        server.setExecutor(threads);
        server.createContext("/jwks", exchange -> {
            if (!script("jwks", exchange, "")) {
                send(exchange, 200, TokenProvider.jwks());
            }
        });
        server.createContext("/userinfo", exchange -> {
            if (!script("userinfo", exchange, "")) {
                send(exchange, 200, new JsonObject().put("sub", SUBJECT));
            }
        });
        server.createContext("/late/.well-known/openid-configuration", exchange -> {
            lateQuestions.incrementAndGet();
            send(
                    exchange,
                    200,
                    there
                            ? new JsonObject()
                                    .put("issuer", ISSUER + "/late")
                                    .put("authorization_endpoint", address + "/late/authorize")
                                    .put("token_endpoint", "http://nobody-knows-this-name.invalid/token")
                                    .put("jwks_uri", address + "/jwks")
                            : new JsonObject());
        });
        server.createContext("/token", exchange -> {
            codes.incrementAndGet();
            String form = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (script("token", exchange, form)) {
                return;
            }
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
        Map<String, String> settings = new HashMap<>(provider("late", address + "/late"));
        settings.putAll(provider("plain", "https://plain.test"));
        settings.put("sso.providers.plain.protocol", "oauth2");
        settings.put("sso.providers.plain.endpoints.authorization", address + "/plain/authorize");
        settings.put("sso.providers.plain.endpoints.token", address + "/token");
        settings.put("sso.providers.plain.endpoints.userinfo", address + "/userinfo");
        settings.putAll(Map.of(
                "sso.providers.other.url", address,
                "sso.providers.other.client-id", "sso",
                "sso.providers.other.client-secret", "only-for-tests-and-long-enough-0123"));
        return settings;
    }

    private static Map<String, String> provider(String name, String address) {
        return Map.of(
                "sso.providers." + name + ".client-id", "sso",
                "sso.providers." + name + ".client-secret", "only-for-tests-and-long-enough-0123",
                "sso.providers." + name + ".url", address);
    }

    /** What it answers next at that endpoint, and until something else is said. */
    void answers(ProviderAnswer answer) {
        scripted.put(answer.endpoint(), answer);
    }

    /** It is well again. */
    void behaves() {
        scripted.clear();
    }

    /** The provider {@code late} has started. */
    void isThere() {
        there = true;
    }

    /** How often {@code late} was asked about itself. */
    int lateQuestions() {
        return lateQuestions.get();
    }

    private boolean script(String endpoint, HttpExchange exchange, String form) throws IOException {
        ProviderAnswer answer = scripted.get(endpoint);
        if (answer == null) {
            return false;
        }
        Matcher code = GOOD_CODE.matcher(form);
        JsonObject sameUser = new JsonObject().put("sub", SUBJECT);
        answer.send(
                exchange,
                Map.of(
                        "access",
                        "new-access",
                        "refresh",
                        "new-refresh",
                        "id",
                        idToken(code.find() ? claims(code.group(1)) : sameUser),
                        "sub",
                        SUBJECT,
                        "base",
                        "http://127.0.0.1:" + server.getAddress().getPort(),
                        "key",
                        TokenProvider.jwks()
                                .getJsonArray("keys")
                                .getJsonObject(0)
                                .encode()),
                stopped);
        return true;
    }

    private static JsonObject claims(String code) {
        return new JsonObject(new String(Base64.getUrlDecoder().decode(code), StandardCharsets.UTF_8));
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(FakeProvider.class));
    }

    /** A code that is good for an ID token of alice with these claims besides the usual ones. */
    static String codeFor(JsonObject claims) {
        return "good."
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(claims.encode().getBytes(StandardCharsets.UTF_8));
    }

    private static String tokens(String code) {
        return new JsonObject()
                .put("access_token", "an-access-token")
                .put("token_type", "Bearer")
                .put("expires_in", 300)
                .put("id_token", idToken(claims(code)))
                .encode();
    }

    /** @param more claims besides the usual ones; {@code kid} is the key's name */
    private static String idToken(JsonObject more) {
        JwtClaimsBuilder claims = Jwt.claims()
                .issuer(ISSUER)
                .subject("subject-of-alice")
                .audience("sso")
                .claim("preferred_username", "alice")
                .issuedAt(Instant.now())
                .expiresAt(Instant.now().plusSeconds(300));
        more.forEach(claim -> claims.claim(claim.getKey(), claim.getValue()));
        return TokenProvider.sign(claims, more.getString("kid", "ours"), "JWT");
    }

    private void answer(String path, int status, JsonObject json) {
        server.createContext(path, exchange -> send(exchange, status, json));
    }

    private static void send(HttpExchange exchange, int status, JsonObject json) throws IOException {
        byte[] body = json.encode().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
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
            stopped.countDown();
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
