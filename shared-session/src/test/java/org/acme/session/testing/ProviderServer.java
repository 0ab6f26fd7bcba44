package org.acme.session.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What all OpenID providers of the tests have in common: a server of their own on a free port, and answers in JSON. Each serves
 * the endpoints that its tests need, and is injected into them by its type.
 */
public abstract class ProviderServer implements QuarkusTestResourceLifecycleManager {

    protected static final String SECRET = "only-for-tests-and-long-enough-0123";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    /** Adds the endpoints. @return the settings of the service that make it ask this provider */
    protected abstract Map<String, String> serve();

    @Override
    public final Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        Map<String, String> settings = serve();
        server.start();
        return settings;
    }

    /** Where it is, without a slash at the end. */
    protected final String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    protected final void on(String path, HttpHandler endpoint) {
        server.createContext(path, endpoint);
    }

    /** What it says about itself (OpenID Connect Discovery 1.0), to be completed by further endpoints. */
    protected final JsonObject metadata(String issuer) {
        return new JsonObject()
                .put("issuer", issuer)
                .put("authorization_endpoint", url() + "/authorize")
                .put("token_endpoint", url() + "/token")
                .put("jwks_uri", url() + "/jwks");
    }

    protected final void publish(JsonObject metadata) {
        on("/.well-known/openid-configuration", exchange -> send(exchange, 200, metadata.encode()));
    }

    /** A client of it, registered under that name. */
    protected static Map<String, String> client(String name, String url) {
        String provider = "sso.providers." + name;
        return Map.of(provider + ".url", url, provider + ".client-id", "sso", provider + ".client-secret", SECRET);
    }

    /** Answers, and ends the exchange. @param json empty for no body */
    public static void send(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    protected static String form(HttpExchange exchange) throws IOException {
        return new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Override
    public final void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(getClass()));
    }

    @Override
    public void stop() {
        if (server != null) {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
