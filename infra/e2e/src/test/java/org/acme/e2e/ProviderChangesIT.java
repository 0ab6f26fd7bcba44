package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.acme.e2e.observers.KeycloakUser;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What changes at Keycloak while somebody is signed in: of the user, of the client, of the realm. Access tokens live for 20 s. */
@ExtendWith(OnTheStack.class)
@SuppressWarnings("try")
class ProviderChangesIT {

    private static final String LIFE = "20";
    /** One access-token life, the time that a stream takes to look, and a machine at work. */
    private static final Duration WITHIN_A_LIFE = Duration.ofSeconds(20 + 10);

    private static final List<String> BACKGROUND = background();
    private static final Pattern CONSENT = Pattern.compile("<form[^>]*action=\"([^\"]+consent[^\"]*)\"");
    private static final Pattern CONSENT_CODE = Pattern.compile("name=\"code\" value=\"([^\"]+)\"");

    private Stack stack;
    private KeycloakUser user;
    private Visitor renata;

    private static List<String> background() {
        List<String> headers = new ArrayList<>(Visitor.SCRIPT);
        headers.addAll(List.of("Prefer", "background"));
        return List.copyOf(headers);
    }

    @BeforeEach
    void signIn(Stack stack) {
        this.stack = stack;
        tokensLiveFor(LIFE);
        user = KeycloakUser.in(stack.keycloak());
        renata = new Visitor(stack.base());
        renata.signIn(user.name(), user.password(), "/users/profile");
    }

    @AfterEach
    void asItWas() {
        tokensLiveFor("300");
        user.close();
    }

    private void tokensLiveFor(String seconds) {
        stack.keycloak().changeClient("sso", "{\"attributes\":{\"access.token.lifespan\":\"" + seconds + "\"}}");
    }

    @Test
    @Tag("long")
    @DisplayName("F3 L14: another name, e-mail and role follow within one access-token life, also in the background")
    void whatIsSaidOfTheUserFollows() {
        stack.keycloak().changeRealm("{\"editUsernameAllowed\":true}");
        try {
            user.change("username", user.name() + "-rossi");
            user.change("email", "rossi-" + user.name() + "@example.org");
            user.give("admin");
            JsonNode me = eventually(
                            BACKGROUND,
                            answer -> answer.json().path("name").asText().endsWith("-rossi"))
                    .json();
            assertThat(me.path("roles").toString()).contains("admin", "user");
            Answer profile = renata.get("/users/profile", Visitor.NAVIGATION);
            assertThat(profile.body()).contains("rossi-" + user.name() + "@example.org");
            assertThat(renata.get("/users/admin/sessions", Visitor.NAVIGATION).status())
                    .isEqualTo(200);
        } finally {
            stack.keycloak().changeRealm("{\"editUsernameAllowed\":false}");
        }
    }

    @Test
    @DisplayName("F2 L14: a role that is taken away is gone within one access-token life, and an open socket closes")
    void rolesThatAreTakenAway() throws Exception {
        CompletableFuture<String> closed = socket();
        user.take("user");
        assertThat(closed.get(WITHIN_A_LIFE.toSeconds(), TimeUnit.SECONDS))
                .isEqualTo("1013 its user's roles have changed");
        assertThat(eventually(BACKGROUND, answer -> answer.status() != 200).status())
                .isEqualTo(403);
        assertThat(renata.get("/users/profile", Visitor.NAVIGATION).status())
                .as("signed in all the same")
                .isEqualTo(200);

        user.give("user");
        eventually(BACKGROUND, answer -> answer.status() == 200);
    }

    @Test
    @DisplayName(
            "F2 L14 L3: a user who is disabled reads on in the background, or by a socket, for one access-token life")
    void disabledUsers() throws Exception {
        CompletableFuture<String> closed = socket();
        user.change("enabled", false);
        assertRefusedWithinALife(closed);
    }

    @Test
    @Tag("long")
    @DisplayName("F2 L14 L3: so does one who is deleted")
    void deletedUsers() throws Exception {
        CompletableFuture<String> closed = socket();
        user.delete();
        assertRefusedWithinALife(closed);
    }

    private void assertRefusedWithinALife(CompletableFuture<String> closed) throws Exception {
        assertThat(closed.get(WITHIN_A_LIFE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("4401 ended by the provider");
        assertThat(eventually(BACKGROUND, answer -> answer.status() != 200).status())
                .isEqualTo(401);
        assertThat(state()).isEqualTo("ended");
        assertThat(renata.open("/users/profile").asksForPassword()).isTrue();
    }

    @Test
    @Tag("long")
    @DisplayName(
            "F1 S9 R5: with our client secret rotated there, who signs off is signed off, and nobody is for that reason")
    void theClientSecretIsRotated() {
        String id = SignedCookie.idOf(renata.sso());
        Visitor other = new Visitor(stack.base());
        other.signIn(user.name(), user.password(), "/users/profile");
        stack.keycloak().changeClient("sso", "{\"secret\":\"another-one-that-nobody-told-us-0123456789\"}");
        try {
            Answer refused = eventually(BACKGROUND, answer -> answer.status() != 200);
            assertThat(refused.status()).isIn(401, 503);
            assertThat(state()).isEqualTo("live");
            Answer others = other.post("/users/sessions/end-others", "application/x-www-form-urlencoded", "");
            assertThat(others.status()).as("%s", others).isEqualTo(303);
            assertThat(stack.redis().record(id)).containsEntry("state", "ended");
            assertThat(other.follow(others).status())
                    .as("the list of devices is there, too")
                    .isEqualTo(200);
        } finally {
            stack.keycloak()
                    .changeClient(
                            "sso",
                            "{\"secret\":\"" + stack.secrets().all().get("SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET")
                                    + "\"}");
        }
        await("the session to go on")
                .atMost(Duration.ofSeconds(60))
                .until(() -> other.get("/users/api/me", Visitor.SCRIPT).status() == 200);
        assertThat(other.signOff("projects").status()).isEqualTo(303);
        assertThat(other.get("/users/api/me", Visitor.SCRIPT).status()).isEqualTo(401);
    }

    @Test
    @DisplayName("F1 S3 S9: Keycloak hanging, with the access token expired: sign-off is 303, and soon")
    void signsOffWhileKeycloakHangs() {
        signsOffDuring(() -> stack.paused("keycloak"));
    }

    @Test
    @Tag("long")
    @DisplayName("F1 S3 S9: so it is with Keycloak stopped")
    void signsOffWithoutKeycloak() {
        signsOffDuring(() -> stack.without("keycloak"));
    }

    private void signsOffDuring(Supplier<Outage> begins) {
        Visitor visitor = new Visitor(stack.base());
        visitor.signIn(user.name(), user.password(), "/users/profile");
        String id = SignedCookie.idOf(visitor.sso());
        try (Outage outage = begins.get()) {
            assertThat(eventually(visitor, Visitor.SCRIPT, answer -> answer.status() != 200)
                            .status())
                    .isEqualTo(503);
            Instant start = Instant.now();
            Answer off = visitor.signOff("projects");
            assertThat(off.status()).as("%s", off).isEqualTo(303);
            assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
            assertThat(off.setCookie(Site.COOKIE)).get().asString().contains("Max-Age=0");
            assertThat(stack.redis().record(id)).containsEntry("state", "ended");
            assertThat(visitor.follow(off).status()).isEqualTo(200);
        }
    }

    @Test
    @Tag("long")
    @DisplayName(
            "I8 A3: the realm's keys are rotated: sessions go on, new ones begin, and tokens of both keys are good")
    void theRealmsKeysAreRotated() throws Exception {
        String before =
                stack.keycloak().tokens("e2e-cli", "alice").path("access_token").asText();
        try (AutoCloseable rotated = stack.keycloak().newKeys()) {
            String after = stack.keycloak()
                    .tokens("e2e-cli", "alice")
                    .path("access_token")
                    .asText();
            Visitor script = new Visitor(stack.base());
            for (String token : List.of(before, after)) {
                assertThat(script.get("/users/api/me", "Authorization", "Bearer " + token)
                                .status())
                        .isEqualTo(200);
            }
            long revision = revision();
            eventually(BACKGROUND, answer -> revision() > revision);
            assertThat(renata.get("/users/api/me", Visitor.SCRIPT).status()).isEqualTo(200);
            Visitor other = new Visitor(stack.base());
            other.signIn(user.name(), user.password(), "/projects/");
        }
    }

    @Test
    @Tag("long")
    @DisplayName("R5: consent is switched on: who is signed in is asked for it, and comes back to the page")
    void consentIsSwitchedOn() {
        stack.keycloak().changeClient("sso", "{\"consentRequired\":true}");
        try {
            eventually(BACKGROUND, answer -> answer.status() != 200);
            Answer page = renata.open("/users/profile");
            assertThat(page.status()).as("%s", page).isEqualTo(200);
            Matcher form = CONSENT.matcher(page.body().replaceAll("\\s+", " "));
            assertThat(form.find()).as("%s", page).isTrue();
            Matcher code = CONSENT_CODE.matcher(page.body());
            Answer accepted = renata.post(
                    page.uri().resolve(form.group(1).replace("&amp;", "&")).toString(),
                    "application/x-www-form-urlencoded",
                    "accept=Yes" + (code.find() ? "&code=" + Visitor.encoded(code.group(1)) : ""),
                    "Accept",
                    "text/html",
                    "Origin",
                    stack.keycloakOrigin());
            Answer back = renata.follow(accepted);
            assertThat(back.status()).as("%s", back).isEqualTo(200);
            assertThat(back.uri().getPath()).isEqualTo("/users/profile");
            assertThat(back.body()).contains(user.name());
        } finally {
            stack.keycloak().changeClient("sso", "{\"consentRequired\":false}");
        }
    }

    private String state() {
        return stack.redis().record(SignedCookie.idOf(renata.sso())).get("state");
    }

    private long revision() {
        return Long.parseLong(
                stack.redis().record(SignedCookie.idOf(renata.sso())).get("tokensRev"));
    }

    private Answer eventually(List<String> headers, Predicate<Answer> wanted) {
        return eventually(renata, headers, wanted);
    }

    private static Answer eventually(Visitor visitor, List<String> headers, Predicate<Answer> wanted) {
        return await("within one access-token life")
                .atMost(WITHIN_A_LIFE)
                .until(() -> visitor.get("/users/api/me", headers), wanted);
    }

    /** What an open socket will be closed with. */
    private CompletableFuture<String> socket() {
        CompletableFuture<String> closed = new CompletableFuture<>();
        Site.client()
                .build()
                .newWebSocketBuilder()
                .header("Cookie", Site.COOKIE + "=" + renata.sso())
                .header("Origin", stack.base())
                .buildAsync(
                        URI.create(stack.base().replaceFirst("http", "ws") + "/projects/live/socket"),
                        new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                                closed.complete(code + " " + reason);
                                return null;
                            }
                        })
                .join();
        return closed;
    }
}
