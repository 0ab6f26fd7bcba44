package org.acme.session.internal.auth;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.jwt.build.Jwt;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.acme.session.notes.TokenProvider;
import org.acme.session.testing.ProviderServer;
import org.acme.session.testing.RedisServer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A provider with LinkedIn's habits: it takes a client's secret in the form only, refuses PKCE, and leaves out the nonce
 * (spring-security#14576, authlib#763). And with one of Azure B2C's: its addresses have a query (elasticsearch#48409).
 */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(value = UnusualProviderTest.Unusual.class, restrictToAnnotatedClass = true)
class UnusualProviderTest {

    Unusual provider;

    /** What a browser that comes to this address sends. */
    private static Map<String, List<String>> parameters(String address) {
        Map<String, List<String>> all = new HashMap<>();
        for (String pair : address.substring(address.indexOf('?') + 1).split("&")) {
            String[] parts = pair.split("=", 2);
            all.computeIfAbsent(parts[0], name -> new CopyOnWriteArrayList<>())
                    .add(URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return all;
    }

    @Test
    @DisplayName(
            "I14: a provider that wants the secret in the form, and has no nonce, signs in; refresh and sign-off go"
                    + " the same way")
    void signsIn() {
        HttpResponse<String> away = get("auth/unusual?x=1", null, NAVIGATION);
        BegunSignIn begun = BegunSignIn.of(away);
        Map<String, List<String>> asked = parameters(begun.location());
        assertEquals(List.of("one"), asked.get("p"), begun.location());
        assertEquals(List.of("code"), asked.get("response_type"), begun.location());
        assertTrue(!asked.containsKey("nonce") && !asked.containsKey("code_challenge"), begun.location());

        HttpResponse<String> back = get(
                "auth/unusual/callback?code=good&state=" + begun.state(),
                BegunSignIn.sent(begun.cookies(), "/notes/auth/unusual/callback"),
                NAVIGATION);
        assertEquals("/notes/auth/unusual?x=1", BegunSignIn.location(back));
        assertEquals(List.of("good, in the form"), provider.asked);
    }

    @Test
    @DisplayName("I14: an address with a query of its own keeps it (RFC 6749, section 3.1), at sign-off too")
    void theWayToItsSignOff() {
        String page =
                get("auth/unusual/signed-off-here", null, NAVIGATION).body().replace("&amp;", "&");
        String there = page.replaceFirst("(?s).*href=\"([^\"]*/logout[^\"]*)\".*", "$1");
        Map<String, List<String>> asked = parameters(there);
        assertEquals(List.of("one"), asked.get("p"), there);
        assertEquals(List.of("sso"), asked.get("client_id"), there);
        assertEquals(List.of("http://localhost:8081/notes/"), asked.get("post_logout_redirect_uri"), there);
    }

    /** The provider {@code unusual}. */
    public static final class Unusual extends ProviderServer {

        private final List<String> asked = new CopyOnWriteArrayList<>();

        @Override
        protected Map<String, String> serve() {
            String issuer = "https://unusual.test";
            publish(metadata(issuer)
                    .put("authorization_endpoint", url() + "/authorize?p=one")
                    .put("token_endpoint", url() + "/token?p=one")
                    .put("end_session_endpoint", url() + "/logout?p=one"));
            on("/jwks", exchange -> send(exchange, 200, TokenProvider.jwks().encode()));
            on("/token", exchange -> {
                Map<String, List<String>> form = parameters("?" + form(exchange));
                boolean inForm = !exchange.getRequestHeaders().containsKey("Authorization")
                        && List.of("sso").equals(form.get("client_id"))
                        && List.of(SECRET).equals(form.get("client_secret"))
                        && "p=one".equals(exchange.getRequestURI().getQuery());
                asked.add(form.get("code").get(0) + (inForm ? ", in the form" : ", not in the form"));
                send(exchange, inForm ? 200 : 400, inForm ? tokens(issuer) : "{\"error\":\"invalid_request\"}");
            });
            Map<String, String> settings = new HashMap<>(client("unusual", url()));
            settings.put("sso.providers.unusual.client-authentication", "post");
            settings.put("sso.providers.unusual.pkce", "false");
            settings.put("sso.providers.unusual.nonce", "false");
            return settings;
        }

        private static String tokens(String issuer) {
            String idToken = TokenProvider.sign(
                    Jwt.claims()
                            .issuer(issuer)
                            .subject("somebody")
                            .audience("sso")
                            .issuedAt(Instant.now())
                            .expiresAt(Instant.now().plusSeconds(300)),
                    "ours",
                    "JWT");
            return new JsonObject()
                    .put("access_token", "opaque")
                    .put("token_type", "Bearer")
                    .put("expires_in", 300)
                    .put("id_token", idToken)
                    .encode();
        }
    }
}
