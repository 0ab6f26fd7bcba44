package org.acme.session.internal.backchannel;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The provider {@code signer}: it publishes the keys that a test puts at {@code /jwks}, counts how often they are read, and
 * answers nothing while a test has put an empty text there.
 */
public final class SigningProvider implements QuarkusTestResourceLifecycleManager {

    static final String NAME = "signer";
    static final String CLIENT = "sso";
    static final String ISSUER = "https://signer.test";

    private final AtomicInteger reads = new AtomicInteger();
    private volatile String keys = "{\"keys\":[]}";
    private HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        JsonObject metadata = new JsonObject()
                .put("issuer", ISSUER)
                .put("authorization_endpoint", address + "/authorize")
                .put("token_endpoint", address + "/token")
                .put("jwks_uri", address + "/jwks");
        server.createContext("/.well-known/openid-configuration", exchange -> answer(exchange, 200, metadata.encode()));
        server.createContext("/reads", exchange -> answer(exchange, 200, Integer.toString(reads.get())));
        server.createContext("/jwks", exchange -> {
            if (exchange.getRequestMethod().equals("PUT")) {
                keys = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            } else {
                reads.incrementAndGet();
            }
            answer(exchange, keys.isEmpty() ? 500 : 200, keys);
        });
        server.start();
        return Map.of(
                "sso.providers.signer.url", address,
                "sso.providers.signer.client-id", CLIENT,
                "sso.providers.signer.client-secret", "only-for-tests-and-long-enough-0123");
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
        }
    }
}
