package org.acme.session.notes;

import com.sun.net.httpserver.HttpExchange;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.acme.session.internal.oidc.ProviderAnswer;
import org.acme.session.testing.ProviderServer;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The provider {@code other}: it says who it is, promises to name itself in its answers (RFC 9207), and refuses every code
 * that it is shown but those of {@link #codeFor}. It counts those, for a code that reached it was let through by the callback
 * guard. What it answers at an endpoint can be scripted ({@link #answers}).
 *
 * <p>Beside it are {@code late}, which has nothing to say about itself until {@link #isThere}, and whose token endpoint then has an
 * address that no name server knows; and {@code plain}, which speaks OAuth 2.0 only and has its tokens and users from {@code other}.
 */
public final class FakeProvider extends ProviderServer {

    public static final String ISSUER = "https://issuer.test";

    private static final Pattern GOOD_CODE = Pattern.compile("(?:^|&)code=good\\.([\\w-]+)");

    /** The refresh tokens that it takes belong to alice. */
    public static final String SUBJECT = "subject-of-alice";

    private final AtomicInteger codes = new AtomicInteger();
    private final AtomicInteger lateQuestions = new AtomicInteger();
    private final Map<String, ProviderAnswer> scripted = new ConcurrentHashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean there;

    @Override
    protected Map<String, String> serve() {
        String address = url();
        publish(metadata(ISSUER).put("authorization_response_iss_parameter_supported", true));
        on("/jwks", exchange -> {
            if (!script("jwks", exchange, "")) {
                send(exchange, 200, TokenProvider.jwks().encode());
            }
        });
        on("/userinfo", exchange -> {
            if (!script("userinfo", exchange, "")) {
                send(exchange, 200, new JsonObject().put("sub", SUBJECT).encode());
            }
        });
        String late = metadata(ISSUER + "/late")
                .put("authorization_endpoint", address + "/late/authorize")
                .put("token_endpoint", "http://nobody-knows-this-name.invalid/token")
                .encode();
        on("/late/.well-known/openid-configuration", exchange -> {
            lateQuestions.incrementAndGet();
            send(exchange, 200, there ? late : "{}");
        });
        on("/token", exchange -> {
            codes.incrementAndGet();
            String form = form(exchange);
            if (script("token", exchange, form)) {
                return;
            }
            Matcher code = GOOD_CODE.matcher(form);
            boolean good = code.find();
            send(exchange, good ? 200 : 400, good ? tokens(code.group(1)) : "{\"error\":\"invalid_grant\"}");
        });
        on("/codes", exchange -> send(exchange, 200, Integer.toString(codes.get())));
        Map<String, String> settings = new HashMap<>(client("late", address + "/late"));
        settings.putAll(client("plain", "https://plain.test"));
        settings.put("sso.providers.plain.protocol", "oauth2");
        settings.put("sso.providers.plain.endpoints.authorization", address + "/plain/authorize");
        settings.put("sso.providers.plain.endpoints.token", address + "/token");
        settings.put("sso.providers.plain.endpoints.userinfo", address + "/userinfo");
        settings.putAll(client("other", address));
        return settings;
    }

    /** What it answers next at that endpoint, and until something else is said. */
    public void answers(ProviderAnswer answer) {
        scripted.put(answer.endpoint(), answer);
    }

    /** It is well again. */
    public void behaves() {
        scripted.clear();
    }

    /** The provider {@code late} has started. */
    public void isThere() {
        there = true;
    }

    /** How often {@code late} was asked about itself. */
    public int lateQuestions() {
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
                        url(),
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

    /** A code that is good for an ID token of alice with these claims besides the usual ones. */
    public static String codeFor(JsonObject claims) {
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

    /** How many codes have reached the token endpoint. */
    public static int codes() {
        String address = ConfigProvider.getConfig().getValue("sso.providers.other.url", String.class);
        return Integer.parseInt(Browser.send(
                        HttpRequest.newBuilder(URI.create(address + "/codes")).build())
                .body());
    }

    @Override
    public void stop() {
        stopped.countDown();
        super.stop();
    }
}
