package org.acme.users.testing;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.acme.session.testing.ProviderServer;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The provider's token endpoint ({@code token}) and its users ({@code users}), which answer what a test tells them to: faults
 * that a real one cannot be made to show.
 */
public final class ScriptedRealm extends ProviderServer {

    /** An answer that never comes. */
    public static final int SILENCE = 0;

    private static final String TOKEN = "{\"access_token\":\"ours\",\"token_type\":\"Bearer\",\"expires_in\":1}";

    private final Map<String, Answer> answers = new ConcurrentHashMap<>();

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
    protected Map<String, String> serve() {
        on("/script", this::script);
        on("/token", exchange -> answer("token", exchange));
        on("/users", exchange -> answer("users", exchange));
        return Map.of(
                "directory.url",
                url(),
                "quarkus.oidc-client.auth-server-url",
                url(),
                "quarkus.oidc-client.token-path",
                "/token",
                // A test of many failures is no outage to be spared.
                "CircuitBreaker/enabled",
                "false");
    }

    private void script(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        String body = form(exchange);
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
}
