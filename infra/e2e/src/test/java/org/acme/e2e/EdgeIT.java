package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** nginx as guard of what knows nothing of sessions, and what attackers send it. */
@ExtendWith(OnTheStack.class)
@SuppressWarnings("try") // an outage does its work by being open
class EdgeIT {

    private static final String SITE = "/guarded/";
    private static final String OLD = "/guarded/legacy/";

    /** Headers by which one proxy or another tells an application who the user is, or where a request came from. */
    private static final List<String> FORGED = List.of(
            "Sso-Subject",
            "Sso-Issuer",
            "Sso-Name",
            "Sso-Roles",
            "X-User",
            "X-User-Id",
            "X-Remote-User",
            "Remote-User",
            "X-Forwarded-User",
            "X-Forwarded-Email",
            "X-Forwarded-Preferred-Username",
            "X-Forwarded-Groups",
            "X-Auth-Request-User",
            "X-Auth-Request-Email",
            "X-WEBAUTH-USER",
            "X-Original-Uri",
            "X-Original-Url",
            "X-Rewrite-Url",
            "X-Original-Method",
            "X-HTTP-Method-Override",
            "X-Forwarded-Host",
            "X-Forwarded-Proto",
            "X-Forwarded-For",
            "X-Forwarded-Prefix",
            "X-Real-IP",
            "Forwarded",
            "X-SSL-Client-S-DN",
            "sso_subject");

    /** Paths that one reader may take for something that is open, and the next for something that is not. */
    private static final List<String> DISGUISED = List.of(
            "/users/static/..%2fapi/me",
            "/users/static/..%2Fapi%2Fme",
            "/users/static/../api/me",
            "/users/static/./../api/me",
            "/users/static/%2e%2e/api/me",
            "/users/static/.%2e/api/me",
            "/users/static/..;/api/me",
            "/users/static;/../api/me",
            "/users/static/..%5capi/me",
            "/users/static/..\\api/me",
            "/users/static/..%00/api/me",
            "//users/api/me",
            "/users//api/me",
            "/users/api;x=1/me",
            "/users/api/me;x",
            "/users/api/me%3bx",
            "/users/api/me%00",
            "/users/%2e/api/me",
            "/users/%61pi/me",
            "/users/api%2fme",
            "/users/static/%252e%252e/api/me",
            "/users/static/..%c0%afapi/me",
            "/users/q/../api/me",
            "/users/q/health",
            "/users/%71/health",
            "/users/q;x/health",
            "/users/q%2fhealth",
            "/users//q/health",
            "/users/static/..%2fq/health",
            "/users/service/people?name=bob",
            "/users/%73ervice/people?name=bob",
            "/users/service;x/people?name=bob",
            "/users//service/people?name=bob",
            "/users/auth/verify",
            "/guarded/.verify",
            "/guarded/%2everify",
            "/guarded/legacy/..%2f",
            "/guarded//legacy/",
            "/guarded/legacy;x/",
            "/guarded/%6cegacy/",
            "/guarded/../guarded/",
            "/guarded/index.html%00",
            "/guarded/..%2f..%2fnginx.conf",
            "/guarded../nginx.conf",
            "/users/profile%23",
            "/users/profile#x",
            "/projects/%2e%2e/users/api/me",
            "/public/..%2fadmin",
            "/public/..%2fusers/api/me",
            "/;/users/api/me");

    private static final List<String> ELSEWHERE = List.of(
            "//evil.test",
            "///evil.test",
            "/\\evil.test",
            "\\\\evil.test",
            "https://evil.test",
            "https:evil.test",
            "https:/evil.test",
            "http:evil.test",
            "javascript:alert(1)",
            "data:text/html,x",
            "/%09/evil.test",
            "/\t/evil.test",
            "%2f%2fevil.test",
            "/%2fevil.test",
            "/%5cevil.test",
            "/%0d%0aLocation:%20https://evil.test",
            "/x%0d%0aSet-Cookie:a=b",
            "/..//evil.test",
            "/.//evil.test",
            "http://localhost:1@evil.test",
            "//localhost@evil.test",
            "/users/../../evil.test",
            "evil.test",
            "?//evil.test",
            "/%2e%2e//evil.test",
            "/%252f%252fevil.test",
            " //evil.test",
            "\u2215\u2215evil.test");

    private Stack stack;
    private Visitor alice;

    @BeforeEach
    void visitors(Stack stack) {
        this.stack = stack;
        alice = new Visitor(stack.base());
    }

    @Test
    @DisplayName(
            "E1 a static site and an old application are open to who is signed in, after a sign-in that leads back")
    void guardedAreOpenToWhoIsSignedIn() {
        Answer page = alice.signIn("alice", SITE + "index.html?chapter=1&x=%C3%A4");
        assertThat(page.uri().toString()).endsWith("/guarded/index.html?chapter=1&x=%C3%A4");
        assertThat(page.body()).contains("Handbook");
        assertThat(page.header("Cache-Control")).hasValue("no-store");

        Answer old = alice.open(OLD + "reports?month=11");
        assertThat(old.body())
                .contains(
                        "\nGET /guarded/legacy/reports?month=11 HTTP/1.1\r\n",
                        "Sso-Name: alice\r\n",
                        "Sso-Roles: admin,");

        alice.signOff("users");
        assertThat(alice.get(OLD, Visitor.NAVIGATION).status()).isEqualTo(302);
        assertThat(alice.get(SITE, Visitor.NAVIGATION).status()).isEqualTo(302);
    }

    @Test
    @DisplayName("E1 the old application gets neither the session cookie nor a token")
    void noCookieAndNoTokenGoOn() {
        alice.signIn("alice", SITE);
        alice.cookies().put("other", "1");
        alice.open(OLD);
        Answer second = alice.open(OLD);
        assertThat(second.body())
                .contains("\r\nCookie: legacy=1\r\n")
                .doesNotContain("sso=", "other=", "Authorization");
    }

    @Test
    @DisplayName(
            "I5 a script is told to sign in, E7 a form is not sent away, and O1 without Redis it is 503 with Retry-After")
    void othersAreAnsweredInTheirWay() {
        Answer script = alice.get(OLD, Visitor.SCRIPT);
        assertThat(script.status()).isEqualTo(401);
        assertThat(script.header("Content-Type")).hasValue("application/problem+json");
        Answer form = alice.post(
                OLD,
                "application/x-www-form-urlencoded",
                "a=b",
                "Sec-Fetch-Mode",
                "navigate",
                "Sec-Fetch-Dest",
                "document");
        assertThat(form.status()).isEqualTo(401);
        assertThat(form.body()).contains("not saved");

        alice.signIn("alice", SITE);
        try (Outage redis = stack.without("redis")) {
            // Until its lease is over, an instance knows.
            Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                Answer unknown = alice.get(OLD, Visitor.NAVIGATION);
                assertThat(unknown.status()).as("%s", unknown).isEqualTo(503);
                assertThat(unknown.header("Retry-After")).isPresent();
                assertThat(unknown.setCookies()).isEmpty();
            });
        }
        // Of any instance: the next test meets another one.
        Awaitility.await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> Everywhere.assertKnown(stack, alice));
        assertThat(alice.get(OLD, Visitor.NAVIGATION).status()).isEqualTo(200);
    }

    @Test
    @DisplayName("E4 a write that another site begins does not reach the old application, one of this site does")
    void writesFromElsewhereAreRefused() {
        alice.signIn("alice", SITE);
        String form = "application/x-www-form-urlencoded";
        assertThat(alice.post(OLD, form, "a=b").body()).contains("\nPOST ");
        for (String site : List.of("cross-site", "same-site", "none")) {
            assertThat(alice.post(OLD, form, "a=b", "Sec-Fetch-Site", site).status())
                    .isEqualTo(403);
        }
        assertThat(alice.post(OLD, form, "a=b", "Origin", "https://evil.test").status())
                .isEqualTo(403);
        assertThat(alice.post(OLD, form, "a=b", new String[0]).status()).isEqualTo(403);
    }

    @Test
    @DisplayName("E1 E2 I6 the attack list: how many were tried, and that all were refused")
    void attacks() throws IOException {
        List<String> report = new ArrayList<>();
        alice.signIn("alice", SITE);
        report.add(count("E1 forged identity and forwarding headers", FORGED, this::isDropped));
        if (!Site.TLS) {
            report.add(count(
                    "E2 disguised paths, through nginx", DISGUISED, path -> isRefusedAt("localhost", port(), path)));
        }
        report.add(count(
                "E2 disguised paths, at an instance",
                DISGUISED.stream()
                        .filter(path -> path.contains("api/me") || path.contains("service"))
                        .toList(),
                path -> isRefusedAt("127.0.0.1", stack.instances("users").get(0).port(), path)));
        report.add(count("I6 ways to another site", ELSEWHERE, this::staysHere));
        Files.createDirectories(Path.of("target", "measured"));
        Files.writeString(Path.of("target", "measured", "edge-attacks.txt"), String.join("\n", report) + "\n");
        System.out.println(String.join("\n", report));
        assertThat(report).allMatch(line -> line.endsWith(", not refused: []"));
    }

    private interface Attack {
        boolean isRefused(String attack) throws IOException;
    }

    private static String count(String name, List<String> attacks, Attack attack) throws IOException {
        List<String> through = new ArrayList<>();
        for (String one : attacks) {
            if (!attack.isRefused(one)) {
                through.add(one);
            }
        }
        return name + ": tried " + attacks.size() + ", refused " + (attacks.size() - through.size()) + ", not refused: "
                + through;
    }

    /** It makes nobody somebody, and alice nobody else. */
    private boolean isDropped(String header) {
        String mallory = header.equals("X-Original-Method") ? "GET" : "mallory";
        Visitor nobody = new Visitor(stack.base());
        return nobody.get(OLD, header, mallory, "Accept", "*/*").status() == 401
                && nobody.get("/users/api/me", header, mallory).status() == 401
                && !alice.get(OLD, header, mallory).body().contains("mallory")
                && alice.get(OLD, header, mallory).body().contains("\r\nSso-Name: alice\r\n")
                && alice.get("/users/api/me", header, mallory).body().contains("\"name\":\"alice\"");
    }

    /** Sent as it is, by nobody: neither what is private nor what is inside comes back. */
    private static boolean isRefusedAt(String host, int port, String path) throws IOException {
        try (Socket socket = new Socket(host, port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.matches("(?s)HTTP/1.1 (30[1-8]|400|401|403|404|405|421) .*")
                    && !answer.contains("\"checks\"")
                    && !answer.contains("Handbook");
        }
    }

    /** Wherever a sign-in is asked to lead, it leads to this site. */
    private boolean staysHere(String elsewhere) {
        for (String address : List.of("/users/auth/sign-in?return=", "/projects/auth/keycloak?return=")) {
            Answer answer = alice.get(address + Visitor.encoded(elsewhere), Visitor.NAVIGATION);
            URI to = answer.location();
            if (!to.toString().startsWith(stack.base() + "/") || to.toString().contains("evil")) {
                return false;
            }
        }
        return true;
    }

    private int port() {
        return URI.create(stack.base()).getPort();
    }

    /** What the services hear at their own ports is what nginx sends. */
    @Test
    @DisplayName("E1 an instance believes a session, and no header, even when it is asked directly")
    void instancesBelieveNoHeader() {
        for (Instance instance : stack.instances()) {
            for (String header : FORGED) {
                assertThat(new Visitor(stack.base())
                                .get(instance.whoAmI(), header, "alice")
                                .status())
                        .as("%s at %s", header, instance)
                        .isEqualTo(401);
            }
        }
    }
}
