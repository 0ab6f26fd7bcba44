package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Crowd;
import org.acme.e2e.people.Load;
import org.acme.e2e.people.RawHttp;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What one client may have of nginx, and that it is nobody else's trouble. */
@ExtendWith(OnTheStack.class)
@SuppressWarnings("try") // an outage does its work by being open
@Order(Integer.MAX_VALUE - 20)
class EdgeLimitsIT {

    private static final int BODIES_AT_ONCE = 64;
    private static final String ROLE = "role-with-a-name-of-forty-one-letters";

    private Stack stack;
    private String host;
    private int port;
    private final List<RawHttp> open = new ArrayList<>();

    @BeforeEach
    void site(Stack stack) {
        this.stack = stack;
        host = stack.base().replaceFirst(".*//", "");
        port = Integer.parseInt(host.replaceFirst(".*:", ""));
    }

    @AfterEach
    void hangUp() {
        open.forEach(RawHttp::close);
    }

    @Test
    @DisplayName("F16 E8 a body of more than 64 KB is refused before it is read: 413 with words, and no memory")
    void largeBodies() {
        plainProcessesOnly();
        long before = stack.memoryOfNginx();
        for (int i = 0; i < 120; i++) {
            RawHttp sender = from("127.0.0.7").send(upload(1_000_000) + "x".repeat(1000));
            open.add(sender);
            String answer = sender.answer();
            assertThat(RawHttp.status(answer)).as(answer).isEqualTo(413);
            assertThat(answer).contains("At most 64 KB");
        }
        String chunked = from("127.0.0.7")
                .send("POST /users/profile HTTP/1.1\r\nHost: " + host + "\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + ("4000\r\n" + "x".repeat(0x4000) + "\r\n").repeat(5))
                .answer();
        assertThat(RawHttp.status(chunked)).as(chunked).isEqualTo(413);
        assertThat(stack.memoryOfNginx() - before).as("kilobytes").isLessThan(10_000);
    }

    @Test
    @DisplayName("F16 E8 half-sent uploads of one address: so many are held, the next get 429, and nobody else notices")
    void halfSentUploads() {
        plainProcessesOnly();
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        long before = stack.memoryOfNginx();
        for (int i = 0; i < 3 * BODIES_AT_ONCE; i++) {
            open.add(from("127.0.0.8").send(upload(65_000) + "x".repeat(60_000)));
        }
        await("all heard").atMost(Duration.ofSeconds(8)).untilAsserted(() -> {
            String more = from("127.0.0.8").send(upload(10)).answer();
            assertThat(RawHttp.status(more)).as(more).isEqualTo(429);
            assertThat(more).contains("Retry-After: 5", "Too many requests at once");
        });
        assertThat(alice.get("/users/api/me", Visitor.SCRIPT).status()).isEqualTo(200);
        assertThat(alice.post("/users/api/me", "text/plain", "x").status()).isEqualTo(405);
        assertThat(stack.memoryOfNginx() - before).as("kilobytes").isLessThan(16_000);
    }

    @Test
    @DisplayName(
            "F16 E8 who sends a header or a body slower than is bearable is hung up on, and no instance hears of it")
    void slowSenders() {
        plainProcessesOnly();
        RawHttp header = from("127.0.0.9").send("GET /users/ HTTP/1.1\r\nHost: " + host + "\r\nX: ");
        RawHttp body = from("127.0.0.9").send(upload(1_000) + "x");
        open.addAll(List.of(header, body));
        Instant start = Instant.now();
        assertThat(header.all()).isEmpty();
        assertThat(body.all()).isEmpty();
        assertThat(Duration.between(start, Instant.now())).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(20));
    }

    @Test
    @DisplayName("F16 E8 requests a second of one address are bounded by a setting; beyond it 429, for it alone")
    void requestsASecond() {
        plainProcessesOnly();
        try (Outage strict = stack.withSettings("nginx", "SSO_NGINX_REQUESTS_A_SECOND=5")) {
            List<Integer> statuses = IntStream.range(0, 40)
                    .mapToObj(i -> RawHttp.status(from("127.0.0.10")
                            .send("GET /users/ HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .all()))
                    .toList();
            assertThat(statuses)
                    .contains(429)
                    .startsWith(200, 200, 200, 200, 200)
                    .containsOnly(200, 429);
            assertThat(new Visitor(stack.base())
                            .get("/users/", Visitor.NAVIGATION)
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    @DisplayName("F13 E6 E8 a silent instance is left alone with a few requests, which go on elsewhere; none fails")
    void aSilentInstance() {
        List<Visitor> people = Crowd.signIn(stack, 6);
        List<Load.Sample> samples;
        try (Outage silent = stack.paused("users-1");
                Load load = Load.of(people, List.of("/users/api/me", "/users/"), Duration.ofSeconds(15))) {
            Instant start = Instant.now();
            await("load").atMost(Duration.ofSeconds(40)).until(() -> load.askedSince(start.plusSeconds(13)));
            load.close();
            samples = load.samples();
        }
        assertThat(samples).extracting(Load.Sample::status).containsOnly(200);
        // If every second request went there, six people could ask for twenty pages.
        assertThat(samples).hasSizeGreaterThan(100);
    }

    @Test
    @DisplayName("F14 E8 E9 a user with 1,000 roles uses all there is, and nobody else notices")
    void aThousandRoles() {
        List<String> roles = IntStream.range(1000, 2000).mapToObj(i -> ROLE + i).toList();
        stack.keycloak().createUserWithRoles("mona", roles);
        try {
            Visitor alice = new Visitor(stack.base());
            alice.signIn("alice", "/users/profile");
            Visitor mona = new Visitor(stack.base());
            mona.signIn("mona", "/guarded/legacy/");
            for (int i = 0; i < 6; i++) {
                Answer told = mona.get("/guarded/legacy/", Visitor.NAVIGATION);
                assertThat(told.status()).as("%s", told).isEqualTo(200);
                assertThat(told.body()).contains("\r\nSso-Roles: user\r\n");
                for (String page : List.of("/guarded/", "/users/profile", "/users/sessions", "/projects/")) {
                    Answer answer = mona.get(page, Visitor.NAVIGATION);
                    assertThat(answer.status()).as("%s", answer).isEqualTo(200);
                    assertThat(alice.get(page, Visitor.NAVIGATION).status()).isEqualTo(200);
                }
                assertThat(mona.get("/users/api/me", Visitor.SCRIPT).status()).isEqualTo(200);
                assertThat(mona.get("/projects/api/projects", Visitor.SCRIPT).status())
                        .isEqualTo(200);
            }
            assertThat(mona.signOff("projects").status()).isEqualTo(303);
        } finally {
            stack.keycloak().deleteUser("mona");
        }
    }

    @Test
    @DisplayName(
            "F14 A2 a token of 100 KB, as a thousand roles make it, passes the inner door and is read by the service")
    void largeTokens() {
        String token = "eyJhbGciOiJSUzI1NiJ9." + "x".repeat(100_000) + ".x";
        String inside = RawHttp.plain(
                URI.create(stack.internal()),
                "GET /users/api/me HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer " + token
                        + "\r\n\r\n");
        assertThat(RawHttp.status(inside)).as(inside).isEqualTo(401);
        assertThat(inside).contains("invalid_token");
        String outside = RawHttp.ask(
                stack.base(),
                "GET /users/api/me HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\nAuthorization: Bearer "
                        + token + "\r\n\r\n");
        assertThat(RawHttp.status(outside)).as(outside).isEqualTo(431);
        assertThat(outside).contains("application/problem+json");
    }

    private void plainProcessesOnly() {
        assumeFalse(
                Site.TLS || Stack.IN_CONTAINERS, "other addresses of this machine, in plain text, and its processes");
    }

    private RawHttp from(String address) {
        return RawHttp.from(address, port);
    }

    private String upload(int length) {
        return "POST /users/profile HTTP/1.1\r\nHost: " + host
                + "\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: " + length + "\r\n\r\n";
    }
}
