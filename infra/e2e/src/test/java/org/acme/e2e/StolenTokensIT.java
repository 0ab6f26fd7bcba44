package org.acme.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.acme.e2e.observers.CodeFlow;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Chromium;
import org.acme.e2e.people.InChromium;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an access token is good for, in the hands of somebody who should not have it: what its callees need. */
@ExtendWith({OnTheStack.class, InChromium.class})
class StolenTokensIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Stack stack;
    private final Map<String, String> tokens = new LinkedHashMap<>();

    @BeforeEach
    void steal(Stack stack) {
        this.stack = stack;
        CodeFlow services = new CodeFlow(
                stack.keycloakOrigin(),
                "sso",
                stack.secrets().all().get("SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET"),
                stack.base() + "/users/auth/keycloak/callback");
        tokens.put("a session's", services.tokens("alice").path("access_token").asText());
        tokens.put(
                "a script's",
                stack.keycloak().tokens("e2e-cli", "alice").path("access_token").asText());
        tokens.put("the users service's own", stack.keycloak().serviceToken("users"));
        tokens.put("the projects' own", stack.keycloak().serviceToken("projects"));
        tokens.put("the session reader's", stack.keycloak().readerToken());
    }

    @Test
    @DisplayName("A8 F37 a token carries the audiences and roles that its callees need, nothing else")
    void audiencesAndRoles() throws IOException {
        assertThat(carried("a session's"))
                .containsExactly("aud projects-service", "aud users-service", "admin", "user");
        assertThat(carried("a script's")).containsExactly("aud projects-service", "aud users-service", "admin", "user");
        assertThat(carried("the users service's own"))
                .containsExactly(
                        "realm-management/query-groups", "realm-management/query-users", "realm-management/view-users");
        assertThat(carried("the projects' own")).containsExactly("aud users-service", "people-reader");
        assertThat(carried("the session reader's"))
                .containsExactly("aud projects-service", "aud users-service", "session-reader");
    }

    private List<String> carried(String token) throws IOException {
        JsonNode claims =
                JSON.readTree(Base64.getUrlDecoder().decode(tokens.get(token).split("\\.")[1]));
        List<String> carried = new java.util.ArrayList<>();
        JsonNode audience = claims.path("aud");
        (audience.isTextual() ? List.of(audience) : audience).forEach(name -> carried.add("aud " + name.asText()));
        carried.sort(null);
        TreeSet<String> roles = new TreeSet<>();
        claims.path("realm_access").path("roles").forEach(role -> roles.add(role.asText()));
        claims.path("resource_access").properties().forEach(of -> StreamSupport.stream(
                        of.getValue().path("roles").spliterator(), false)
                .forEach(role -> roles.add(of.getKey() + "/" + role.asText())));
        carried.addAll(roles);
        return carried;
    }

    @Test
    @DisplayName(
            "A8 F37 no token of the fleet changes or shows anything at Keycloak's account, admin and other interfaces")
    void nothingAtKeycloak() {
        List<String> wanted = List.of(
                "GET /realms/sso/account/",
                "POST /realms/sso/account/",
                "GET /realms/sso/account/credentials",
                "GET /realms/sso/account/sessions",
                "DELETE /realms/sso/account/sessions?current=true",
                "GET /realms/sso/account/applications",
                "GET /realms/sso/account/linked-accounts",
                "GET /realms/sso/account/groups",
                "GET /realms/sso/account/resources",
                "GET /realms/sso/authz/protection/resource_set",
                "POST /realms/sso/authz/protection/permission",
                "GET /realms/sso/broker/work/token",
                "POST /realms/sso/clients-registrations/default",
                "GET /admin/realms/sso/users",
                "GET /admin/realms/sso/events",
                "GET /admin/realms/sso/roles",
                "GET /admin/realms/sso/client-scopes",
                "PUT /admin/realms/sso/users/nobody",
                "POST /admin/realms/sso/users",
                "POST /admin/realms/sso/logout-all");
        String inside = "http://127.0.0.1:" + stack.keycloakPort();
        tokens.forEach((whose, token) -> wanted.forEach(request -> {
            if (whose.startsWith("the users service") && request.startsWith("GET /admin/realms/sso/users")) {
                return; // what it is for
            }
            for (String origin : List.of(inside, stack.keycloakOrigin())) {
                Answer answer = send(origin, request, token);
                assertThat(answer.status())
                        .as("%s token, %s: %s", whose, request, answer)
                        .isIn(400, 401, 403, 404, 501);
            }
        }));
    }

    @Test
    @DisplayName("A3 A8 F37 a token of Keycloak's account pages is good for no service")
    void nothingAtServices() {
        String token = CodeFlow.ofTheAccountPages(stack.keycloakOrigin())
                .tokens("alice")
                .path("access_token")
                .asText();
        for (String path : List.of("/users/api/me", "/projects/api/projects")) {
            assertThat(send(stack.base(), "GET " + path, token).status())
                    .as(path)
                    .isEqualTo(401);
        }
    }

    private Answer send(String origin, String request, String token) {
        String[] parts = request.split(" ");
        return new Visitor(origin)
                .send(
                        parts[0],
                        parts[1],
                        parts[0].matches("GET|DELETE")
                                ? null
                                : "{\"username\":\"alice\",\"email\":\"mallory@example.org\"}",
                        List.of(
                                "Authorization", "Bearer " + token,
                                "Content-Type", "application/json",
                                "Accept", "application/json"))
                .join();
    }

    @Test
    @DisplayName("A8 F37 people still see and change their own data at Keycloak's account pages")
    void accountPages(Chromium chromium) {
        try (BrowserContext bob = chromium.person()) {
            Page page = bob.newPage();
            page.navigate(stack.keycloakOrigin() + "/realms/sso/account/");
            Chromium.fillIn(page, "bob");
            assertThat(page.locator("#email")).hasValue("bob@example.org");
            page.locator("#lastName").fill("Browne");
            page.locator("#save-btn").click();
            assertThat(page.locator("body")).containsText("Your account has been updated");
            page.locator("#lastName").fill("Brown");
            page.locator("#save-btn").click();
            page.navigate(stack.keycloakOrigin() + "/realms/sso/account/account-security/device-activity");
            assertThat(page.locator("body")).containsText("Current session");
        }
    }
}
