package org.acme.session.internal.backchannel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;

/** Speaks to the receiver as a provider does, well or badly. */
final class Sender {

    static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private Sender() {}

    static RsaJsonWebKey newKey(String name) {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId(name);
            key.setUse("sig");
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The claims of a good token, that names both; each test breaks them. */
    static JwtClaims claims(String sid, String subject) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(SigningProvider.ISSUER);
        claims.setAudience(SigningProvider.CLIENT);
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(2);
        claims.setJwtId(UUID.randomUUID().toString());
        claims.setClaim("events", Map.of(EVENT, Map.of()));
        if (sid != null) {
            claims.setClaim("sid", sid);
        }
        if (subject != null) {
            claims.setSubject(subject);
        }
        return claims;
    }

    static NumericDate fromNow(Duration offset) {
        NumericDate time = NumericDate.now();
        time.addSeconds(offset.toSeconds());
        return time;
    }

    static String signed(JwtClaims claims, PublicJsonWebKey key) {
        return signed(claims.toJson(), key, jws -> jws.setHeader("typ", "logout+jwt"));
    }

    static String signed(String payload, PublicJsonWebKey key, Consumer<JsonWebSignature> header) {
        JsonWebSignature jws = new JsonWebSignature();
        jws.setPayload(payload);
        jws.setAlgorithmHeaderValue("RS256");
        jws.setKeyIdHeaderValue(key.getKeyId());
        jws.setKey(key.getPrivateKey());
        jws.setDoKeyValidation(false);
        jws.setAlgorithmConstraints(org.jose4j.jwa.AlgorithmConstraints.NO_CONSTRAINTS);
        header.accept(jws);
        try {
            return jws.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    static String form(String token) {
        return "logout_token=" + URLEncoder.encode(token, StandardCharsets.UTF_8);
    }

    static HttpResponse<String> post(String token) {
        return post("application/x-www-form-urlencoded", form(token));
    }

    static HttpResponse<String> post(String contentType, String body) {
        return join(postLater(contentType, body));
    }

    static CompletableFuture<HttpResponse<String>> postLater(String contentType, String body) {
        int port = ConfigProvider.getConfig().getValue("quarkus.http.test-port", Integer.class);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        "http://localhost:" + port + "/notes/auth/" + SigningProvider.NAME + "/back-channel-logout"))
                .timeout(TIMEOUT)
                .POST(BodyPublishers.ofString(body));
        if (contentType != null) {
            request.header("Content-Type", contentType);
        }
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString());
    }

    static <T> T join(CompletableFuture<T> answer) {
        return answer.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    /** What the provider publishes from now on. */
    static void publish(PublicJsonWebKey... keys) {
        publish(new JsonWebKeySet(List.of(keys)).toJson(OutputControlLevel.PUBLIC_ONLY));
    }

    /** The same, and returns when the receiver has noticed, which takes a second at most. */
    static void publishAndAwait(PublicJsonWebKey key) {
        publish(key);
        long deadline = System.nanoTime() + Duration.ofSeconds(2).toNanos();
        while (post(signed(claims("nobody", null), key)).statusCode() != 200) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("A new key is not taken");
            }
        }
    }

    static void publish(String jwks) {
        provider(HttpRequest.newBuilder(at("/jwks")).PUT(BodyPublishers.ofString(jwks)));
    }

    /** How often the provider's keys have been read. */
    static int reads() {
        return Integer.parseInt(provider(HttpRequest.newBuilder(at("/reads"))));
    }

    private static URI at(String path) {
        return URI.create(ConfigProvider.getConfig().getValue("sso.providers.signer.url", String.class) + path);
    }

    private static String provider(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.timeout(TIMEOUT).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
