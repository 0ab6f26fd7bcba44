package org.acme.session.internal.lifecycle;

import com.sun.net.httpserver.HttpExchange;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.acme.session.testing.ProviderServer;
import org.acme.session.testing.TestSessions;

/**
 * The provider {@code keycloak} as far as refreshes are concerned, with the faults that Keycloak cannot be made to show. It
 * rotates refresh tokens and takes each once.
 */
public final class ScriptedProvider extends ProviderServer {

    /** What the token endpoint does with a question. */
    @FunctionalInterface
    public interface Behaviour {
        void answer(HttpExchange exchange, String refreshToken) throws IOException, InterruptedException;
    }

    private final List<String> used = new CopyOnWriteArrayList<>();
    private final List<String> endedWith = new CopyOnWriteArrayList<>();
    private volatile Behaviour behaviour = ScriptedProvider::grant;
    private volatile Behaviour logout = ScriptedProvider::ended;
    private volatile boolean takesEachOnce = true;

    @Override
    protected Map<String, String> serve() {
        publish(metadata(TestSessions.ISSUER).put("end_session_endpoint", url() + "/logout"));
        on("/token", exchange -> {
            String token = refreshTokenIn(exchange);
            boolean again = takesEachOnce && used.contains(token);
            used.add(token);
            try {
                if (again) {
                    refuse(exchange);
                } else {
                    behaviour.answer(exchange, token);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                exchange.close();
            }
        });
        on("/logout", exchange -> {
            endedWith.add(refreshTokenIn(exchange));
            try {
                logout.answer(exchange, "");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                exchange.close();
            }
        });
        return Map.of("sso.providers.keycloak.url", url());
    }

    private static String refreshTokenIn(HttpExchange exchange) throws IOException {
        return URLDecoder.decode(
                form(exchange).replaceFirst("^(?:.*&)?refresh_token=([^&]*).*$", "$1"), StandardCharsets.UTF_8);
    }

    public void behaves(Behaviour next) {
        used.clear();
        endedWith.clear();
        behaviour = next;
        takesEachOnce = true;
        logout = ScriptedProvider::ended;
    }

    /** The same of a provider that has not come to look at the refresh token: it is good when it has recovered. */
    public void fails(Behaviour next) {
        behaves(next);
        takesEachOnce = false;
    }

    /** The same whatever is asked, the end of a session included. */
    public void behavesEverywhere(Behaviour next) {
        fails(next);
        logout = next;
    }

    private static void ended(HttpExchange exchange, String nothing) throws IOException {
        exchange.sendResponseHeaders(204, -1);
    }

    /** The refresh tokens that it was asked with, in order. */
    public List<String> used() {
        return List.copyOf(used);
    }

    /** The refresh tokens that it was asked with to end a session, in order. */
    List<String> endedWith() {
        return List.copyOf(endedWith);
    }

    /** Somebody has used it already: a holder that died before it could write what it got. */
    void spend(String refreshToken) {
        used.add(refreshToken);
    }

    public static void grant(HttpExchange exchange, String refreshToken) throws IOException {
        send(
                exchange,
                200,
                tokens().put("refresh_token", "after-" + refreshToken).encode());
    }

    public static JsonObject tokens() {
        return new JsonObject().put("access_token", "new-access").put("expires_in", 300);
    }

    /** Unsigned, as nobody checks the signature of what comes straight from the token endpoint. */
    static String idToken(String issuer, String subject) {
        return unsigned(new JsonObject().put("iss", issuer).put("sub", subject));
    }

    public static String unsigned(JsonObject claims) {
        return part("{\"alg\":\"none\"}") + "." + part(claims.encode()) + ".none";
    }

    private static String part(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    public static void refuse(HttpExchange exchange) throws IOException {
        send(exchange, 400, "{\"error\":\"invalid_grant\"}");
    }

    /** Answers when the latch opens. */
    public static Behaviour slow(CountDownLatch opens) {
        return (exchange, token) -> {
            opens.await();
            grant(exchange, token);
        };
    }
}
