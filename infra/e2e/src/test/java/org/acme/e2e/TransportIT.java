package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/** What browsers speak to the front door: http for a look, https for everything else. */
@ExtendWith(OnTheStack.class)
class TransportIT {

    private static final String HSTS = "strict-transport-security";

    private Stack stack;
    private Visitor visitor;

    @BeforeEach
    void newVisitor(Stack stack) {
        this.stack = stack;
        visitor = new Visitor(stack.base());
    }

    @Test
    @DisplayName("E3 over TLS every answer says HSTS: pages, redirects, refusals and Keycloak; over http none does")
    void strictTransportSecurity() {
        List<String> everywhere = List.of(
                "/",
                "/users/",
                "/projects/",
                "/users/api/me",
                "/nowhere",
                "/users//doubled",
                stack.keycloakOrigin() + "/realms/sso/account/",
                stack.keycloakOrigin() + "/realms/master/");
        for (String address : everywhere) {
            List<String> said = visitor.get(address, Visitor.NAVIGATION)
                    .response()
                    .headers()
                    .allValues(HSTS);
            // Once: browsers believe the first of several, and the others are a riddle for whoever looks.
            assertThat(said).as(address).hasSize(Site.TLS ? 1 : 0).allMatch(value -> value.startsWith("max-age="));
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "e2e.tls", matches = "true")
    @DisplayName("Over TLS browsers get HTTP/2, from the services and from Keycloak")
    void http2() throws IOException, InterruptedException {
        HttpClient browser = Site.client().version(HttpClient.Version.HTTP_2).build();
        for (String origin : List.of(stack.base() + "/users/", stack.keycloakOrigin() + "/realms/sso/account/")) {
            HttpResponse<Void> answer =
                    browser.send(HttpRequest.newBuilder(URI.create(origin)).build(), BodyHandlers.discarding());
            assertThat(answer.version()).as(origin).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.statusCode()).as(origin).isEqualTo(200);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "e2e.tls", matches = "true")
    @DisplayName("Who types http at the port of https is sent to https, and served nothing before")
    void plainHttpIsSentToHttps() {
        for (String origin : List.of(stack.base(), stack.keycloakOrigin())) {
            var answer = visitor.get(origin.replace("https:", "http:") + "/users/profile?a=b", Visitor.NAVIGATION);
            assertThat(answer.status()).isEqualTo(301);
            assertThat(answer.location()).hasToString(origin + "/users/profile?a=b");
        }
    }
}
