package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts with a bearer token: whose it is, and for whom it was made. */
@ExtendWith(OnTheStack.class)
class BearerIT {

    private static final String ME = "/users/api/me";
    private static final String PROJECTS = "/projects/api/projects";

    private Stack stack;
    private Visitor script;

    @BeforeEach
    void newScript(Stack stack) {
        this.stack = stack;
        script = new Visitor(stack.base());
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "bob"})
    @DisplayName("A1 an access token made for the services is accepted by every instance, and says whose it is")
    void accessTokenIsAccepted(String user) {
        String token = token("e2e-cli", user, "access_token");

        for (Instance instance : stack.instances()) {
            Answer answer = script.get(instance.whoAmI(), "Authorization", "Bearer " + token);
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            assertThat(answer.setCookies()).isEmpty();
        }
        assertThat(script.get(ME, "Authorization", "Bearer " + token).body()).containsIgnoringCase(user);
    }

    @ParameterizedTest
    @ValueSource(strings = {ME, PROJECTS})
    @DisplayName("A3 a token made for somebody else is refused")
    void wrongAudienceIsRefused(String api) {
        assertRefused(script.get(api, "Authorization", "Bearer " + token("no-audience-cli", "alice", "access_token")));
    }

    @ParameterizedTest
    @ValueSource(strings = {ME, PROJECTS})
    @DisplayName("A3 an ID token is no access token, nor is a refresh token")
    void otherTokensAreRefused(String api) {
        JsonNode tokens = stack.keycloak().tokens("e2e-cli", "alice");

        assertRefused(script.get(
                api, "Authorization", "Bearer " + tokens.path("id_token").asText()));
        assertRefused(script.get(
                api, "Authorization", "Bearer " + tokens.path("refresh_token").asText()));
    }

    @Test
    @DisplayName("A1 a bad bearer beside a good cookie is 401, and costs the cookie nothing")
    void badBearerBesideGoodCookie() {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        String good = token("e2e-cli", "alice", "access_token");
        String spoilt = good.substring(0, good.length() - 10) + "AAAAAAAAAA";

        for (String api : new String[] {ME, PROJECTS}) {
            assertRefused(alice.get(api, "Authorization", "Bearer " + spoilt));
            assertRefused(alice.get(api, "Authorization", "Bearer not-a-token"));
            assertThat(alice.get(api, Visitor.SCRIPT).status()).isEqualTo(200);
        }
    }

    @Test
    @DisplayName("A1 a token counts in the Authorization header only")
    void tokenElsewhereIsNothing() {
        String token = token("e2e-cli", "alice", "access_token");

        assertThat(script.get(ME + "?access_token=" + token, Visitor.SCRIPT).status())
                .isEqualTo(401);
        assertThat(script.get(ME, "Cookie", "access_token=" + token + "; sso=" + token)
                        .status())
                .isEqualTo(401);
        assertThat(script.post(
                                PROJECTS,
                                "application/x-www-form-urlencoded",
                                "name=x&access_token=" + token,
                                "Sec-Fetch-Site",
                                "same-origin")
                        .status())
                .isIn(401, 415);
    }

    @Test
    @DisplayName("E4 A1 a write with a bearer token needs no browser's headers")
    void bearerWriteNeedsNoOrigin() {
        String name = "by script " + System.nanoTime();
        String token = token("e2e-cli", "bob", "access_token");

        Answer created = script.post(
                PROJECTS, "application/json", "{\"name\":\"" + name + "\"}", "Authorization", "Bearer " + token);

        assertThat(created.status()).as("%s", created).isEqualTo(201);
        assertThat(script.get(PROJECTS, "Authorization", "Bearer " + token).body())
                .contains(name);
    }

    private String token(String client, String user, String kind) {
        return stack.keycloak().tokens(client, user).path(kind).asText();
    }

    private static void assertRefused(Answer answer) {
        assertThat(answer.status()).as("%s", answer).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate").orElse(""))
                .as("A2: %s", answer)
                .startsWith("Bearer");
        assertThat(answer.setCookies()).isEmpty();
    }
}
