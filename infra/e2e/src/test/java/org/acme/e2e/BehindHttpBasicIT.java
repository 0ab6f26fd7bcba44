package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.acme.e2e.people.Answer;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A site behind a lock of another kind, whose key browsers send along with everything. */
@ExtendWith(OnTheStack.class)
class BehindHttpBasicIT {

    private static final List<String> KEYS = List.of(
            "Basic c3RhZ2luZzpzdGFnaW5n",
            "basic x",
            "Digest username=\"staging\"",
            "Negotiate YII",
            "NTLM TlRMTVNTUAAB");

    private Stack stack;

    @BeforeEach
    void site(Stack stack) {
        this.stack = stack;
    }

    @Test
    @DisplayName("F29 A1 with the key of another lock people sign in, read pages, send forms, and sign off")
    void pages() {
        for (String key : KEYS) {
            Visitor alice = new Visitor(stack.base());
            Answer stranger = alice.get("/users/profile", with(key, Visitor.NAVIGATION));
            assertThat(stranger.status()).as("%s: %s", key, stranger).isEqualTo(302);
            alice.signIn("alice", "/users/profile");
            for (String page : List.of("/users/profile", "/projects/", "/guarded/", "/guarded/legacy/")) {
                Answer answer = alice.get(page, with(key, Visitor.NAVIGATION));
                assertThat(answer.status()).as("%s: %s", key, answer).isEqualTo(200);
                assertThat(answer.body()).doesNotContain("Authorization");
            }
            assertThat(alice.get("/users/auth/session", with(key, Visitor.SCRIPT))
                            .status())
                    .isEqualTo(200);
            assertThat(alice.get("/users/api/me", with(key, Visitor.SCRIPT)).status())
                    .as("a script of a page of ours has the browser send it, too")
                    .isEqualTo(200);
            assertThat(alice.post(
                                    "/users/auth/sign-off",
                                    "application/x-www-form-urlencoded",
                                    "",
                                    "Authorization",
                                    key,
                                    "Sec-Fetch-Site",
                                    "same-origin")
                            .status())
                    .isEqualTo(303);
            assertThat(alice.get("/users/api/me", Visitor.SCRIPT).status()).isEqualTo(401);
        }
    }

    @Test
    @DisplayName("F29 A1 A2 at an API what a program sends counts: no token, no cookie instead of it")
    void programs() {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        for (String key : Stream.concat(KEYS.stream(), Stream.of("Bearer x", "Bearer", "nonsense"))
                .toList()) {
            Answer answer = alice.get("/users/api/me", "Authorization", key, "Accept", "*/*");
            assertThat(answer.status()).as("%s: %s", key, answer).isIn(400, 401);
            assertThat(answer.header("WWW-Authenticate")).isPresent();
        }
    }

    private static List<String> with(String key, List<String> headers) {
        List<String> all = new ArrayList<>(headers);
        all.addAll(List.of("Authorization", key));
        return all;
    }
}
