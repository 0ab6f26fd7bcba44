package org.acme.session.internal.backchannel;

import static org.acme.session.internal.backchannel.Sender.claims;
import static org.acme.session.internal.backchannel.Sender.form;
import static org.acme.session.internal.backchannel.Sender.fromNow;
import static org.acme.session.internal.backchannel.Sender.signed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.acme.session.contract.Identity;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A hostile or broken sender. What it sends names a living session, is refused with the reason, and ends nothing. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(SigningProvider.class)
class HostileLogoutTest {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String SUBJECT = "subject-of-alice";
    private static final RsaJsonWebKey KEY = Sender.newKey("k-hostile");
    private static final RsaJsonWebKey STRANGER = Sender.newKey("k-hostile");
    private static final RsaJsonWebKey UNKNOWN = Sender.newKey("k-unknown");

    /** What is sent, made from the sid of a session that lives. */
    private record Sent(Function<String, String> contentType, Function<String, String> body) {}

    private static Sent body(Function<String, String> body) {
        return new Sent(sid -> FORM, body);
    }

    private static Sent token(Function<String, String> token) {
        return body(sid -> form(token.apply(sid)));
    }

    /** Well signed, with these claims broken. */
    private static Sent claiming(Consumer<JwtClaims> broken) {
        return token(sid -> {
            JwtClaims claims = claims(sid, SUBJECT);
            broken.accept(claims);
            return signed(claims, KEY);
        });
    }

    private static Sent headed(Consumer<org.jose4j.jws.JsonWebSignature> header) {
        return token(sid -> signed(claims(sid, SUBJECT).toJson(), KEY, header));
    }

    private static String good(String sid) {
        return signed(claims(sid, SUBJECT), KEY);
    }

    private static String changed(String token, int part, Function<String, String> change) {
        String[] parts = token.split("\\.", -1);
        String text = new String(Base64.getUrlDecoder().decode(parts[part]), StandardCharsets.UTF_8);
        parts[part] = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(change.apply(text).getBytes(StandardCharsets.UTF_8));
        return String.join(".", parts);
    }

    private static String withHmac(String sid, Key secret) {
        return signed(claims(sid, SUBJECT).toJson(), KEY, jws -> {
            jws.setAlgorithmHeaderValue("HS256");
            jws.setKey(secret);
        });
    }

    private static byte[] publicKey() {
        return KEY.getPublicKey().getEncoded();
    }

    static Stream<Arguments> refused() {
        Map<String, Map.Entry<String, Sent>> all = new LinkedHashMap<>();
        String form = "the request is not a form";
        all.put("no content type", Map.entry(form, new Sent(sid -> null, sid -> form(good(sid)))));
        all.put("JSON", Map.entry(form, new Sent(sid -> "application/json", sid -> "{\"logout_token\":\"x\"}")));
        all.put(
                "a token as the body",
                Map.entry(form, new Sent(sid -> "application/logout+jwt", HostileLogoutTest::good)));
        all.put("a broken escape", Map.entry(form, body(sid -> "logout_token=%zz")));
        all.put("more than 8 KB", Map.entry("the request is too large", body(sid -> form("x".repeat(8200)))));
        String one = "logout_token is not the one parameter, sent once";
        all.put("nothing", Map.entry(one, body(sid -> "")));
        all.put("the token under another name", Map.entry(one, body(sid -> "token=" + good(sid))));
        all.put("the token twice", Map.entry(one, body(sid -> form(good(sid)) + "&" + form(good(sid)))));
        all.put("a parameter beside the token", Map.entry(one, body(sid -> form(good(sid)) + "&state=1")));
        String jwt = "it is not a signed JWT";
        all.put("an empty token", Map.entry(jwt, token(sid -> "")));
        all.put("no JWT", Map.entry(jwt, token(sid -> "a.b.c")));
        all.put("a token without its signature part", Map.entry(jwt, token(sid -> good(sid)
                .replaceFirst("\\.[^.]*$", ""))));
        all.put("an encrypted token's five parts", Map.entry(jwt, token(sid -> good(sid) + ".x.y")));
        // F44: what libraries cast.
        for (String odd : List.of(
                "\"alg\":7",
                "\"alg\":null",
                "\"alg\":[\"RS256\"]",
                "\"alg\":\"RS256\",\"kid\":7",
                "\"alg\":\"RS256\",\"typ\":{}")) {
            all.put(
                    "F44 the header " + odd,
                    Map.entry(jwt, token(sid -> changed(good(sid), 0, header -> "{" + odd + "}"))));
        }
        String algorithm = "its algorithm is not one of those allowed";
        all.put("alg none", Map.entry(algorithm, token(sid -> changed(good(sid), 0, h -> h.replace("RS256", "none"))
                .replaceFirst("[^.]*$", ""))));
        all.put("alg None", Map.entry(algorithm, token(sid -> changed(good(sid), 0, h -> h.replace("RS256", "None")))));
        all.put(
                "HMAC with the public key",
                Map.entry(algorithm, token(sid -> withHmac(sid, new HmacKey(publicKey())))));
        all.put(
                "HMAC with the client secret",
                Map.entry(
                        algorithm,
                        token(sid -> withHmac(
                                sid,
                                new HmacKey("only-for-tests-and-long-enough-0123".getBytes(StandardCharsets.UTF_8))))));
        String unpublished = "it is signed with a key that the provider does not publish";
        all.put(
                "a key the provider does not publish",
                Map.entry(unpublished, token(sid -> signed(claims(sid, SUBJECT), UNKNOWN))));
        all.put(
                "a key that the token brings along",
                Map.entry(
                        unpublished,
                        token(sid ->
                                signed(claims(sid, SUBJECT).toJson(), UNKNOWN, jws -> jws.setJwkHeader(UNKNOWN)))));
        all.put(
                "a key at an address that the token names",
                Map.entry(
                        unpublished,
                        token(sid -> signed(
                                claims(sid, SUBJECT).toJson(),
                                UNKNOWN,
                                jws -> jws.setHeader("jku", "http://127.0.0.1:1/")))));
        String signature = "its signature is wrong";
        all.put(
                "a stranger's key under a known name",
                Map.entry(signature, token(sid -> signed(claims(sid, SUBJECT), STRANGER))));
        all.put(
                "claims changed after signing",
                Map.entry(signature, token(sid -> changed(good(sid), 1, c -> c.replace(SUBJECT, "x")))));
        all.put(
                "another token's signature",
                Map.entry(
                        signature,
                        token(sid -> good(sid).replaceFirst("[^.]*$", "")
                                + good("other").replaceFirst("^.*\\.", ""))));
        all.put("a header that must be understood, and is not", Map.entry("it cannot be verified", headed(jws -> {
            jws.setHeader("crit", List.of("x"));
            jws.setHeader("x", 1);
        })));
        String type = "it is a token of another type";
        all.put("an access token's type", Map.entry(type, headed(jws -> jws.setHeader("typ", "at+jwt"))));
        all.put("a security event's type", Map.entry(type, headed(jws -> jws.setHeader("typ", "secevent+jwt"))));
        all.put("claims that are no JSON", Map.entry("it is not JSON", token(sid -> signed("[1", KEY, jws -> {}))));
        all.put(
                "a claim given twice",
                Map.entry(
                        "it is not JSON",
                        token(sid -> signed(
                                claims(sid, SUBJECT)
                                        .toJson()
                                        .replaceFirst("\\{", "{\"iss\":\"" + SigningProvider.ISSUER + "\","),
                                KEY,
                                jws -> {}))));
        all.put("no issuer", Map.entry("it names no issuer", claiming(c -> c.unsetClaim("iss"))));
        all.put("another issuer", Map.entry("it is another issuer's", claiming(c -> c.setIssuer(TestSessions.ISSUER))));
        all.put("no audience", Map.entry("it names no audience", claiming(c -> c.unsetClaim("aud"))));
        all.put(
                "another client as audience",
                Map.entry("it is for another client", claiming(c -> c.setAudience("other"))));
        all.put("no exp", Map.entry("it has no exp", claiming(c -> c.unsetClaim("exp"))));
        all.put(
                "expired a minute ago",
                Map.entry("it has expired", claiming(c -> c.setExpirationTime(fromNow(Duration.ofMinutes(-1))))));
        all.put("no iat", Map.entry("it has no iat", claiming(c -> c.unsetClaim("iat"))));
        all.put(
                "issued six minutes ago",
                Map.entry("it was issued too long ago", claiming(c -> c.setIssuedAt(fromNow(Duration.ofMinutes(-6))))));
        all.put(
                "issued in a minute",
                Map.entry("it was issued in the future", claiming(c -> c.setIssuedAt(fromNow(Duration.ofMinutes(1))))));
        all.put(
                "not valid yet",
                Map.entry("it is not valid yet", claiming(c -> c.setNotBefore(fromNow(Duration.ofMinutes(1))))));
        all.put("iat that is a text", Map.entry("a claim has the wrong form", claiming(c -> c.setClaim("iat", "now"))));
        String event = "it has no back-channel logout event";
        all.put("no events: an ID token", Map.entry(event, claiming(c -> c.unsetClaim("events"))));
        all.put("events that are a list", Map.entry(event, claiming(c -> c.setClaim("events", List.of(Sender.EVENT)))));
        all.put(
                "another event",
                Map.entry(event, claiming(c -> c.setClaim("events", Map.of("http://example.org/x", Map.of())))));
        all.put(
                "an event that is no object",
                Map.entry(event, claiming(c -> c.setClaim("events", Map.of(Sender.EVENT, "x")))));
        all.put("a nonce", Map.entry("it has a nonce, as an ID token has", claiming(c -> c.setClaim("nonce", "n"))));
        all.put("no jti", Map.entry("it has no jti", claiming(c -> c.unsetClaim("jti"))));
        String nobody = "it names neither a session nor a user";
        all.put("neither sid nor sub", Map.entry(nobody, claiming(c -> {
            c.unsetClaim("sid");
            c.unsetClaim("sub");
        })));
        all.put("an empty sid and sub", Map.entry(nobody, claiming(c -> {
            c.setClaim("sid", "");
            c.setSubject("");
        })));
        all.put("a sid that is a number", Map.entry("a claim has the wrong form", claiming(c -> c.setClaim("sid", 7))));
        all.put(
                "a sid with the separator of our digests",
                Map.entry("a claim has the wrong form", claiming(c -> c.setClaim("sid", "a\0b"))));
        return all.entrySet().stream()
                .map(bad -> Arguments.of(
                        bad.getKey(), bad.getValue().getKey(), bad.getValue().getValue()));
    }

    @BeforeEach
    void theProviderPublishesItsKey() {
        Sender.publishAndAwait(KEY);
    }

    @ParameterizedTest(name = "B1: {0}: 400, {1}")
    @MethodSource("refused")
    @DisplayName("B1: a bad logout is refused with 400 and the reason, kept by nobody, and ends nothing")
    void isRefused(String what, String reason, Sent sent) {
        SessionRecord alice = Signed.in("alice");
        String cookie = TestSessions.cookieOf(alice);
        String sid = alice.identity().providerSession().orElseThrow();

        HttpResponse<String> answer =
                Sender.post(sent.contentType().apply(sid), sent.body().apply(sid));

        assertEquals(400, answer.statusCode(), what);
        assertEquals(
                new JsonObject().put("error", "invalid_request").put("error_description", reason),
                new JsonObject(answer.body()));
        assertEquals(Optional.of("no-store"), answer.headers().firstValue("Cache-Control"), "B4");
        assertTrue(Signed.isKnown(cookie), "nothing has ended");
        try (RedisConnection redis =
                new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class))) {
            assertEquals("live", redis.text("HGET", Keys.record(alice.id()), "state"));
            Identity who = alice.identity();
            assertEquals(
                    0,
                    redis.number(
                            "EXISTS",
                            Keys.endedProviderSession(who.providerSessionHash().orElseThrow())));
        }
    }
}
