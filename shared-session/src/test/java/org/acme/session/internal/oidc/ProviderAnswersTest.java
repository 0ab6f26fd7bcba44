package org.acme.session.internal.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import io.smallrye.mutiny.Uni;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.mutiny.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Stream;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.internal.config.TestConfig;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What our own questions to a provider make of every kind of answer, over the wire: the rows of {@code provider-answers.txt}. */
class ProviderAnswersTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final CountDownLatch STOPPED = new CountDownLatch(1);
    private static final ExecutorService THREADS = Executors.newCachedThreadPool();
    private static final Vertx VERTX = Vertx.vertx();
    private static final String KEY = key();
    private static final AtomicReference<ProviderClient> CLIENT = new AtomicReference<>();

    private static HttpServer server;
    private static String base;
    private static volatile ProviderAnswer next;

    @BeforeAll
    static void listen() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(THREADS);
        base = "http://127.0.0.1:" + server.getAddress().getPort();
        String whole = metadata().encode();
        for (String path :
                List.of("/token", "/userinfo", "/introspect", "/jwks", "/odd/.well-known/openid-configuration")) {
            server.createContext(path, exchange -> {
                exchange.getRequestBody().readAllBytes();
                next.send(exchange, values(), STOPPED);
            });
        }
        server.createContext("/.well-known/openid-configuration", exchange -> {
            exchange.sendResponseHeaders(200, whole.length());
            exchange.getResponseBody().write(whole.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            exchange.close();
        });
        server.createContext("/elsewhere", exchange -> ProviderAnswer.read(
                        0,
                        "any | 200 | | {\"access_token\": \"a\", \"sub\": \"$sub\", \"active\": true, \"keys\": [$key], \"issuer\":"
                                + " \"$base\", \"authorization_endpoint\": \"$base\", \"token_endpoint\": \"$base\","
                                + " \"jwks_uri\": \"$base\"} | nothing")
                .send(exchange, values(), STOPPED));
        server.start();
    }

    @AfterAll
    static void stop() {
        STOPPED.countDown();
        server.stop(0);
        THREADS.shutdownNow();
        VERTX.closeAndAwait();
    }

    private static Map<String, String> values() {
        return Map.of(
                "access", "new-access", "refresh", "new-refresh", "id", "a.b.c", "sub", "17", "base", base, "key", KEY);
    }

    private static JsonObject metadata() {
        return new JsonObject()
                .put("issuer", base)
                .put("authorization_endpoint", base + "/authorize")
                .put("token_endpoint", base + "/token")
                .put("userinfo_endpoint", base + "/userinfo")
                .put("introspection_endpoint", base + "/introspect")
                .put("jwks_uri", base + "/jwks");
    }

    private static String key() {
        try {
            return EcJwkGenerator.generateJwk(EllipticCurves.P256).toJson(OutputControlLevel.PUBLIC_ONLY);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One for all, with its few connections; where it has to ask anew, one of its own. */
    private static ProviderClient client() {
        return CLIENT.updateAndGet(known -> known == null ? client(base) : known);
    }

    private static ProviderClient client(String url) {
        SsoConfig.Provider odd = TestConfig.with(
                        "providers.odd.url", url,
                        "providers.odd.client-id", "sso",
                        "providers.odd.client-secret", "secret")
                .providers()
                .get("odd");
        return new ProviderClient(VERTX, odd, Duration.ofSeconds(1));
    }

    static Stream<ProviderAnswer> token() {
        return ProviderAnswer.of("token").stream();
    }

    static Stream<ProviderAnswer> userinfo() {
        return ProviderAnswer.of("userinfo").stream();
    }

    static Stream<ProviderAnswer> introspection() {
        return ProviderAnswer.of("introspection").stream();
    }

    static Stream<ProviderAnswer> discovery() {
        return ProviderAnswer.of("discovery").stream();
    }

    static Stream<ProviderAnswer> jwks() {
        return ProviderAnswer.of("jwks").stream();
    }

    @Test
    @DisplayName("R5: at least 200 kinds of answers are tried")
    void thereAreEnough() {
        assertTrue(Stream.of(token(), userinfo(), introspection(), discovery(), jwks())
                        .mapToLong(Stream::count)
                        .sum()
                >= 200);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("token")
    @DisplayName("F6 F7 F8 R5: what the token endpoint answers to a refresh")
    void aRefresh(ProviderAnswer answer) {
        next = answer;
        TokenResponse means = client().refresh("a-refresh-token").await().atMost(TIMEOUT);
        assertEquals(
                answer.means(),
                means instanceof TokenResponse.Accepted tokens
                        ? "tokens "
                                + tokens.goodFor()
                                        .orElse(Duration.ofSeconds(60))
                                        .toSeconds()
                        : means instanceof TokenResponse.Refused
                                ? "ends"
                                : means instanceof TokenResponse.SignInAgain ? "sign in" : "unclear");
        if (means instanceof TokenResponse.Accepted tokens) {
            assertEquals("new-access", tokens.access());
            assertEquals(Optional.of("a.b.c"), tokens.idToken());
            assertEquals(
                    answer.body().contains("$refresh") ? Optional.of("new-refresh") : Optional.empty(),
                    tokens.refresh());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("userinfo")
    @DisplayName("R5: what the userinfo endpoint answers")
    void whoseItIs(ProviderAnswer answer) {
        assertEquals(answer.means(), outcome(answer, client(), provider -> provider.userInfo("token")
                .map(found -> found.map(claims -> claims.text("sub").orElseThrow()))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("introspection")
    @DisplayName("R5 A4: what the introspection endpoint answers")
    void whatItIsWorth(ProviderAnswer answer) {
        assertEquals(answer.means(), outcome(answer, client(), provider -> provider.introspect(
                        "token", new ProviderClient.Credentials("notes", "secret"))
                .map(found -> found.map(claims -> "active"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("discovery")
    @DisplayName("F10 R5: what a provider answers about itself")
    void itself(ProviderAnswer answer) {
        assertEquals(answer.means(), outcome(answer, client(base + "/odd"), provider -> provider.metadata()
                .map(known -> Optional.of(known.getString("issuer")))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("jwks")
    @DisplayName("F11 R5: what a provider answers about its keys")
    void itsKeys(ProviderAnswer answer) {
        JsonWebSignature token = new JsonWebSignature();
        token.setAlgorithmHeaderValue("ES256");
        assertEquals(answer.means(), outcome(answer, client(), provider -> new SigningKeys(
                        provider::signingKeys, System::nanoTime)
                .find(token)
                .map(key -> key.map(java.security.Key::getAlgorithm))));
    }

    private static String outcome(
            ProviderAnswer answer, ProviderClient client, Function<ProviderClient, Uni<Optional<String>>> question) {
        next = answer;
        return question.apply(client)
                .map(found -> found.isPresent() ? "accepted" : "inactive")
                .onFailure(ProviderUnavailableException::isBehind)
                .recoverWithItem("unclear")
                .await()
                .atMost(TIMEOUT);
    }

    @Test
    @DisplayName("F10: metadata that is none is asked for again, once a second at most, until it is there")
    void askedAgain() {
        next = ProviderAnswer.read(0, "discovery | 200 | | {} | unclear");
        JsonArray asked = new JsonArray();
        java.util.concurrent.atomic.AtomicLong time = new java.util.concurrent.atomic.AtomicLong();
        ReadOnce<String> metadata = new ReadOnce<>(
                () -> {
                    asked.add(time.get());
                    return asked.size() < 3
                            ? Uni.createFrom().failure(new ProviderUnavailableException("nothing"))
                            : Uni.createFrom().item("all of it");
                },
                time::get);
        for (int i = 0; i < 10; i++) {
            assertEquals("away", read(metadata));
        }
        assertEquals(1, asked.size());
        time.addAndGet(ReadOnce.AGAIN_AFTER.toNanos());
        assertEquals("away", read(metadata));
        time.addAndGet(ReadOnce.AGAIN_AFTER.toNanos());
        assertEquals("all of it", read(metadata));
        assertEquals(3, asked.size());
    }

    private static String read(ReadOnce<String> metadata) {
        return metadata.read().onFailure().recoverWithItem("away").await().atMost(TIMEOUT);
    }
}
