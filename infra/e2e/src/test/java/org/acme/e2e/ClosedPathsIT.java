package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.stream.Stream;
import org.acme.e2e.people.RawHttp;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What only machines of ours may ask: however it is spelt, it is closed from outside, also where a service would know it. */
@ExtendWith(OnTheStack.class)
class ClosedPathsIT {

    /** {@code ~} stands for a service's root. */
    private static final List<String> LOGOUT = List.of(
            "~/auth/keycloak/back-channel-logout",
            "~/auth/keycloak/back-channel-logout/",
            "~/auth/keycloak/back-channel-logout//",
            "~/auth/keycloak/back-channel-logout/.",
            "~/auth/keycloak/back-channel-logout/x",
            "~/auth/keycloak/back-channel-logout/%20",
            "~/auth/keycloak/back-channel-logout%20",
            "~/auth/keycloak/back-channel-logout%2f",
            "~/auth/keycloak/back-channel-logout%00",
            "~/auth/keycloak/back-channel-logout%09",
            "~/auth/keycloak/back-channel-logout%3bx",
            "~/auth/keycloak/back-channel-logout;x",
            "~/auth/keycloak/back-channel-logout;x=1/",
            "~/auth/keycloak;x/back-channel-logout",
            "~/auth;x/keycloak/back-channel-logout",
            "~;x/auth/keycloak/back-channel-logout",
            "~/auth/keycloak/back-channel-logout?x",
            "~/auth/keycloak/back-channel-logout/?x=callback",
            "~/auth/keycloak/back-channel-logout#x",
            "~/auth/keycloak/back-channel-logout%23",
            "~/auth/keycloak/%62ack-channel-logout",
            "~/auth/keycloak/%62%61%63%6b-channel-logout",
            "~/auth/keycloak/back%2dchannel%2Dlogout/",
            "~/auth/keycloak/back-channel-logou%74",
            "~/%61uth/keycloak/back-channel-logout",
            "~/auth/%6beycloak/back-channel-logout",
            "~/auth/keycloak/Back-Channel-Logout",
            "~/auth/keycloak/BACK-CHANNEL-LOGOUT/",
            "~/AUTH/keycloak/back-channel-logout",
            "~/auth/KEYCLOAK/back-channel-logout",
            "~/auth//keycloak/back-channel-logout",
            "~//auth/keycloak/back-channel-logout",
            "/~/auth/keycloak/back-channel-logout",
            "~/auth/keycloak//back-channel-logout",
            "~/auth/keycloak/./back-channel-logout",
            "~/auth/keycloak/../keycloak/back-channel-logout",
            "~/auth/keycloak/%2e/back-channel-logout",
            "~/auth/keycloak/callback/../back-channel-logout",
            "~/static/../auth/keycloak/back-channel-logout",
            "~/auth/keycloak\\back-channel-logout",
            "~/auth/keycloak/back-channel-logout\\",
            "~/auth/keycloak/callback/back-channel-logout",
            "~/auth/x/back-channel-logout",
            "~/auth/Other_1.2/back-channel-logout",
            "~/auth/%C3%A4/back-channel-logout",
            "~/auth/keycloak/%25%36%32ack-channel-logout",
            "~/auth/keycloak/back-channel-logout%c0%af",
            "~/auth/keycloak/back_channel_logout");

    private static final List<String> INSIDE = List.of(
            "~/q",
            "~/q/",
            "~/q/health",
            "~/q/health/",
            "~/q/metrics",
            "~/q/openapi",
            "~/%71/health",
            "~/q%2fhealth",
            "~/q;x/health",
            "~/q//health",
            "~//q/health",
            "~/./q/health",
            "~/x/../q/health",
            "~/q/%68ealth",
            "~/service",
            "~/service/",
            "~/service/people?name=bob",
            "~/service/session",
            "~/%73ervice/people?name=bob",
            "~/service;x/people?name=bob",
            "~/service%2fpeople",
            "~/service//people",
            "~//service/people");

    private String base;
    private String host;
    private Stack stack;

    @BeforeEach
    void site(Stack stack) {
        this.stack = stack;
        base = stack.base();
        host = base.replaceFirst(".*//", "");
    }

    @Test
    @DisplayName("F40 B1 E2 no spelling of back-channel-logout passes from outside: 48 of them, in each service")
    void noSpellingOfTheLogout() {
        for (String service : List.of("/users", "/projects")) {
            for (String spelling : LOGOUT) {
                String answer = post(base, spelling.replace("~", service), "1.1", host);
                assertThat(RawHttp.status(answer))
                        .as("%s: %s", spelling, answer)
                        .isIn(0, 400, 404, 405);
                assertThat(answer).as(spelling).doesNotContain("invalid_request", "logout_token");
            }
        }
    }

    @Test
    @DisplayName("F40 E2 nor of what operators ask, and what services offer each other: 23 spellings, in each service")
    void noSpellingOfTheInside() {
        for (String service : List.of("/users", "/projects")) {
            for (String spelling : INSIDE) {
                String answer = RawHttp.ask(
                        base,
                        "GET " + spelling.replace("~", service) + " HTTP/1.1\r\nHost: " + host
                                + "\r\nConnection: close\r\n\r\n");
                assertThat(RawHttp.status(answer))
                        .as("%s: %s", spelling, answer)
                        .isIn(0, 400, 404);
                assertThat(answer).as(spelling).doesNotContain("\"checks\"", "openapi:", "# HELP");
            }
        }
    }

    @Test
    @DisplayName("F40 other forms of a request: HTTP/1.0, an absolute address, another host, a folded line")
    void otherForms() {
        String path = "/users/auth/keycloak/back-channel-logout";
        Stream.of(
                        post(base, path, "1.0", host),
                        post(base, path, "1.0", "localhost"),
                        post(base, base + path, "1.1", host),
                        post(base, "http://127.0.0.1" + path, "1.1", host),
                        post(base, "http://evil.test" + path + "/", "1.1", host),
                        post(base, path, "1.1", "evil.test"),
                        post(base, path, "1.1", "nginx:8183"),
                        post(base, path, "1.1", host + "\r\nHost: 127.0.0.1"),
                        post(base, path, "1.1", host + "\r\nX-Original-Uri: " + path),
                        post(base, "/", "1.1", host + "\r\nX-Rewrite-Url: " + path + "\r\nX-Original-Url: " + path),
                        RawHttp.ask(base, "POST " + path + "\r\n\r\n"))
                .forEach(answer -> assertThat(answer).doesNotContain("invalid_request", "logout_token"));
    }

    @Test
    @DisplayName("F40 an instance knows more spellings than one, so it is nginx that closes them; inside it is open")
    void whatAnInstanceKnows() {
        String instance = "http://127.0.0.1:" + stack.instances("users").get(0).port();
        long known = LOGOUT.stream()
                .map(spelling ->
                        RawHttp.plain(URI.create(instance), logout(spelling.replace("~", "/users"), "1.1", host)))
                .filter(answer -> answer.contains("invalid_request"))
                .count();
        assertThat(known).isGreaterThan(3);
        String inside =
                RawHttp.plain(URI.create(stack.internal()), logout("/auth/keycloak/back-channel-logout", "1.1", "x"));
        assertThat(inside).contains("invalid_request");
    }

    @Test
    @DisplayName("E2 inside, where services ask each other, a browser's cookie opens nothing")
    void insideNoCookieCounts() {
        Visitor alice = new Visitor(base);
        alice.signIn("alice", "/users/profile");
        for (String path : List.of("/users/api/me", "/projects/api/projects")) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nCookie: " + Site.COOKIE + "="
                    + alice.sso() + "\r\nAccept: application/json\r\nConnection: close\r\n\r\n";
            assertThat(RawHttp.status(RawHttp.ask(base, request))).as(path).isEqualTo(200);
            assertThat(RawHttp.status(RawHttp.plain(URI.create(stack.internal()), request)))
                    .as(path)
                    .isEqualTo(401);
        }
    }

    private static String post(String base, String target, String version, String host) {
        return RawHttp.ask(base, logout(target, version, host));
    }

    private static String logout(String target, String version, String host) {
        String body = "logout_token=x";
        return "POST " + target + " HTTP/" + version + "\r\nHost: " + host
                + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body;
    }
}
