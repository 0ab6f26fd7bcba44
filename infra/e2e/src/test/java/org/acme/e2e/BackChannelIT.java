package org.acme.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.acme.e2e.observers.KeycloakAdmin;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keycloak ends a session, by whatever hand: it tells one instance of one service, and none accepts the session. */
@ExtendWith(OnTheStack.class)
@SuppressWarnings("try")
class BackChannelIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TRIALS = 4;
    private static final int MANY_TRIALS = 50;
    private static final int LOGOUTS = 100;

    /** Who ends a session at Keycloak. The session's id there is the same as the {@code sid} of its tokens. */
    private enum Hand {
        ADMINISTRATOR_ENDS_ONE_SESSION((keycloak, sid) -> keycloak.endSession(sid)),
        ADMINISTRATOR_SIGNS_THE_USER_OUT((keycloak, sid) -> keycloak.signOut("alice")),
        USER_ON_THE_ACCOUNT_PAGE((keycloak, sid) -> keycloak.signOutOnTheAccountPage("alice"));

        private final BiConsumer<KeycloakAdmin, String> act;

        Hand(BiConsumer<KeycloakAdmin, String> act) {
            this.act = act;
        }
    }

    private Stack stack;

    @BeforeEach
    void remember(Stack stack) {
        this.stack = stack;
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("B3, B4, B5: when Keycloak has ended a session, no instance accepts it, nor its bearer token")
    void noInstanceAcceptsWhatKeycloakHasEnded(Hand hand) throws IOException {
        keycloakEndsSessions(hand, TRIALS);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource
    @DisplayName("B3, B4, B5: nor does any in fifty trials")
    void neitherInManyTrials(Hand hand) throws IOException {
        keycloakEndsSessions(hand, MANY_TRIALS);
    }

    private void keycloakEndsSessions(Hand hand, int trials) throws IOException {
        List<Duration> times = new ArrayList<>();
        for (int trial = 0; trial < trials; trial++) {
            List<String> before = stack.keycloak().sessions("alice");
            Visitor alice = new Visitor(stack.base());
            alice.signIn("alice", trial % 2 == 0 ? "/users/profile" : "/projects/");
            List<String> opened = new ArrayList<>(stack.keycloak().sessions("alice"));
            opened.removeAll(before);
            String sso = alice.sso();
            Everywhere.assertKnown(stack, sso);

            Instant start = Instant.now();
            hand.act.accept(stack.keycloak(), opened.get(0));
            // Keycloak has waited for our answer, so there is nothing left to wait for.
            times.add(Duration.between(start, Instant.now()));

            Everywhere.assertUnknown(stack, sso);
            assertThat(alice.open("/users/profile").asksForPassword()).isTrue();
        }
        report(hand.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ", Keycloak's own work and the telling", times);
    }

    @Tag("long")
    @ParameterizedTest(name = "Kafka up: {0}")
    @ValueSource(booleans = {true, false})
    @DisplayName("B4: a hundred logouts of Keycloak's, answered within 200 ms (p99)")
    void answeredInTime(boolean kafkaUp) throws IOException {
        stack.keycloak().signOut("alice"); // what other tests have left
        Visitor alice = new Visitor(stack.base());
        Path log = stack.logs().resolve("nginx-access.log");
        long before = Files.size(log);
        try (Stack.Outage outage = kafkaUp ? () -> {} : stack.killed("kafka")) {
            // An instance that nobody uses has no lease.
            alice.signIn("alice", "/users/profile");
            Everywhere.assertKnown(stack, alice);
            // The first second after an outage has the leases of before: a logout then takes so long.
            await().until(() ->
                    stack.redis().leases() == (kafkaUp ? stack.instances().size() : 0));
            for (int trial = 0; trial < LOGOUTS; trial++) {
                alice.signIn("alice", trial % 2 == 0 ? "/users/profile" : "/projects/");
                Everywhere.assertKnown(stack, alice);
                stack.keycloak().signOut("alice");
                Everywhere.assertUnknown(stack, alice);
            }
        }
        List<Duration> times = answersLogged(log, before);
        assertThat(times).as("answers in nginx' log").hasSize(LOGOUTS);
        report("answers to Keycloak, Kafka " + (kafkaUp ? "up" : "down"), times);
        assertThat(times.get(LOGOUTS * 99 / 100 - 1)).isLessThan(Duration.ofMillis(200));
    }

    /** How long our answers to logouts took, by nginx' account. */
    private static List<Duration> answersLogged(Path log, long from) throws IOException {
        List<Duration> times = new ArrayList<>();
        byte[] bytes = Files.readAllBytes(log);
        for (String line : new String(bytes, (int) from, bytes.length - (int) from, UTF_8).split("\n")) {
            JsonNode said = JSON.readTree(line);
            if (said.path("path").asText().endsWith("/back-channel-logout")) {
                assertThat(said.path("status").asInt()).isEqualTo(200);
                times.add(Duration.ofMillis(Math.round(said.path("seconds").asDouble() * 1000)));
            }
        }
        return times;
    }

    @Test
    @DisplayName("B3: a session that an administrator ends at Keycloak takes no other browser of the user along")
    void otherBrowsersStay() {
        Visitor phone = new Visitor(stack.base());
        phone.signIn("alice", "/projects/");
        List<String> before = stack.keycloak().sessions("alice");
        Visitor laptop = new Visitor(stack.base());
        laptop.signIn("alice", "/users/profile");
        List<String> opened = new ArrayList<>(stack.keycloak().sessions("alice"));
        opened.removeAll(before);

        stack.keycloak().endSession(opened.get(0));

        Everywhere.assertUnknown(stack, laptop);
        Everywhere.assertKnown(stack, phone);
    }

    @Test
    @DisplayName("B5: a logout told to one instance holds in another that starts, or starts again, afterwards")
    void aRestartChangesNothing() {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        String sso = alice.sso();
        Everywhere.assertKnown(stack, sso);
        try (Stack.Outage one = stack.killed("projects-1")) {
            stack.keycloak().signOut("alice");
        }
        Everywhere.assertUnknown(stack, sso);
    }

    @ParameterizedTest
    @ValueSource(strings = {"users-1,users-2", "projects-1,projects-2"})
    @DisplayName("B5: any service may be unavailable as a whole: another one takes Keycloak's logout")
    void anyServiceTakesIt(String away) {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        String sso = alice.sso();
        String[] names = away.split(",");
        try (Stack.Outage one = stack.without(names[0]);
                Stack.Outage other = stack.without(names[1])) {
            stack.keycloak().signOut("alice");
        }
        Everywhere.assertUnknown(stack, sso);
    }

    /** What Keycloak does without telling anybody. */
    private enum Silence {
        USER_DISABLED(keycloak -> keycloak.setEnabled("bob", false)),
        EVERYBODY_SIGNED_OUT_AT_ONCE(KeycloakAdmin::signOutEverybody);

        private final Consumer<KeycloakAdmin> act;

        Silence(Consumer<KeycloakAdmin> act) {
            this.act = act;
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L3: what Keycloak tells nobody of ends the session at its next refresh")
    void whatKeycloakDoesNotTell(Silence silence) {
        Visitor bob = new Visitor(stack.base());
        bob.signIn("bob", "/users/profile");
        try {
            silence.act.accept(stack.keycloak());
            System.out.println("L3 " + silence + ": Keycloak has told us: "
                    + Everywhere.ask(stack, bob).containsValue(401));
            stack.redis().setField(SignedCookie.idOf(bob.sso()), "accessExpires", "1");

            // The field was changed behind the revision's back: what is known of it counts for ten seconds more.
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> Everywhere.assertUnknown(stack, bob));
        } finally {
            stack.keycloak().setEnabled("bob", true);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/users/auth/keycloak/back-channel-logout", "/auth/keycloak/back-channel-logout"})
    @DisplayName("B4: the receiver is not to be reached from outside")
    void notFromOutside(String path) {
        Visitor stranger = new Visitor(stack.base());
        assertThat(stranger.post(path, "application/x-www-form-urlencoded", "logout_token=x")
                        .status())
                .isEqualTo(404);
    }

    @Test
    @DisplayName("B4: from inside: 400 for what is no logout token, 413 for more than 8 KB, 404 for pages")
    void fromInside() throws Exception {
        String path = "/auth/keycloak/back-channel-logout";
        assertThat(inside("POST", path, "logout_token=x")).isEqualTo(400);
        assertThat(inside("POST", path, "logout_token=" + "x".repeat(9000))).isEqualTo(413);
        assertThat(inside("GET", "/users/profile", "")).isEqualTo(404);
        assertThat(inside("GET", "/users/api/me", ""))
                .as("an API, for services")
                .isEqualTo(401);
    }

    private int inside(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(stack.internal() + path))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    private static void report(String what, List<Duration> times) throws IOException {
        Collections.sort(times);
        String report = String.format(
                Locale.ROOT,
                "B4 %s: %d times; median %d ms, p99 %d ms, longest %d ms",
                what,
                times.size(),
                times.get(times.size() / 2).toMillis(),
                times.get(times.size() * 99 / 100 - 1).toMillis(),
                times.get(times.size() - 1).toMillis());
        System.out.println(report);
        Path file = Path.of("target", "measured", "back-channel-" + what.replaceAll("[^A-Za-z]+", "-") + ".txt");
        Files.createDirectories(file.getParent());
        Files.writeString(file, report + "\n");
    }
}
