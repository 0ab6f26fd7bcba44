package org.acme.users.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The provider's token endpoint ({@code token}) and its users ({@code users}), which answer what a test tells them to: faults
 * that a real one cannot be made to show.
 */
public final class ScriptedRealm implements QuarkusTestResourceLifecycleManager {

    /** An answer that never comes. */
    public static final int SILENCE = 0;

    private static final String TOKEN = "{\"access_token\":\"ours\",\"token_type\":\"Bearer\",\"expires_in\":1}";

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private HttpServer server;

    private record Answer(int status, String type, String body) {}

    /** Says what the endpoint of that name answers from now on. */
    public static void answers(String endpoint, int status, String type, String body) {
        String realm = ConfigProvider.getConfig().getValue("directory.url", String.class);
        HttpRequest script = HttpRequest.newBuilder(URI.create(realm + "/script"))
                .header("X-Endpoint", endpoint)
                .header("X-Status", Integer.toString(status))
                .header("X-Type", type)
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            HttpClient.newHttpClient().send(script, BodyHandlers.discarding());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The token endpoint gives tokens. */
    public static void givesTokens() {
        answers("token", 200, "application/json", TOKEN);
    }

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        }));
        server.createContext("/script", this::script);
        server.createContext("/token", exchange -> answer("token", exchange));
        server.createContext("/users", exchange -> answer("users", exchange));
        server.start();
        String realm = "http://127.0.0.1:" + server.getAddress().getPort();
        return Map.of(
                "directory.url",
                realm,
                "quarkus.oidc-client.auth-server-url",
                realm,
                "quarkus.oidc-client.token-path",
                "/token",
                // A test of many failures is no outage to be spared.
                "CircuitBreaker/enabled",
                "false");
    }

    private void script(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        answers.put(
                headers.getFirst("X-Endpoint"),
                new Answer(Integer.parseInt(headers.getFirst("X-Status")), headers.getFirst("X-Type"), body));
        exchange.sendResponseHeaders(204, -1);
        exchange.close();
    }

    private void answer(String endpoint, HttpExchange exchange) throws IOException {
        boolean known = endpoint.equals("token")
                || "Bearer ours".equals(exchange.getRequestHeaders().getFirst("Authorization"));
        Answer answer = known ? answers.get(endpoint) : new Answer(401, "text/plain", "who?");
        if (answer.status() == SILENCE) {
            return; // until the server stops
        }
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
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
