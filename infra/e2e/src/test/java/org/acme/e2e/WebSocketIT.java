package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.acme.e2e.observers.SignedCookie;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Site;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** WebSockets by way of nginx. */
@ExtendWith(OnTheStack.class)
class WebSocketIT {

    private static final Duration SOON = Duration.ofSeconds(2);

    private Stack stack;
    private Visitor alice;

    @BeforeEach
    void signIn(Stack stack) {
        this.stack = stack;
        alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
    }

    @Test
    @DisplayName("S4 a sign-off in one service closes the WebSocket of another, within 2 s, and says why")
    void closesWithTheSession() throws Exception {
        CompletableFuture<String> closed = open(stack.base()).get(10, TimeUnit.SECONDS);
        alice.signOff("users");
        assertThat(closed.get(SOON.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("4401 signed off");
    }

    @Test
    @DisplayName(
            "L2 S4 an open WebSocket keeps no session alive, and closes when it has idled out, though nobody tells")
    void closesAtTheIdleLimit() throws Exception {
        CompletableFuture<String> closed = open(stack.base()).get(10, TimeUnit.SECONDS);
        stack.redis().endsIn(SignedCookie.idOf(alice.sso()), Duration.ofMillis(1));
        assertThat(closed.get(SOON.toMillis(), TimeUnit.MILLISECONDS)).isEqualTo("4401 not used for too long");
    }

    @Test
    @DisplayName("E4 a page of another site cannot open a WebSocket with the user's cookie")
    void notFromAnotherSite() {
        assertThatThrownBy(() -> open("https://evil.test").join())
                .cause()
                .isInstanceOfSatisfying(WebSocketHandshakeException.class, refused -> assertThat(
                                refused.getResponse().statusCode())
                        .isEqualTo(403));
    }

    @Tag("long")
    @Test
    @DisplayName("S4 a WebSocket on which nothing happens outlasts the proxy's read timeout")
    void staysOpen() throws Exception {
        CompletableFuture<String> closed = open(stack.base()).get(10, TimeUnit.SECONDS);
        assertThatThrownBy(() -> closed.get(25, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    }

    /** @return when it is open: what it will be closed with */
    private CompletableFuture<CompletableFuture<String>> open(String origin) {
        CompletableFuture<String> closed = new CompletableFuture<>();
        return Site.client()
                .build()
                .newWebSocketBuilder()
                .header("Cookie", Site.COOKIE + "=" + alice.sso())
                .header("Origin", origin)
                .buildAsync(
                        URI.create(stack.base().replaceFirst("http", "ws") + "/projects/live/socket"),
                        new WebSocket.Listener() {
                            @Override
                            public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                                closed.complete(code + " " + reason);
                                return null;
                            }
                        })
                .thenApply(open -> closed);
    }
}
