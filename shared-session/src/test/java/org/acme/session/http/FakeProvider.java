package org.acme.session.http;

import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The provider {@code other}: it says who it is, promises to name itself in its answers (RFC 9207), and refuses every code
 * that it is shown. It counts those, for a code that reached it was let through by the callback guard.
 */
public final class FakeProvider implements QuarkusTestResourceLifecycleManager {

    static final String ISSUER = "https://issuer.test";

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
        answer("/jwks", 200, new JsonObject("{\"keys\":[]}"));
        server.createContext("/token", exchange -> {
            codes.incrementAndGet();
            byte[] body = "{\"error\":\"invalid_grant\"}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(400, body.length);
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
