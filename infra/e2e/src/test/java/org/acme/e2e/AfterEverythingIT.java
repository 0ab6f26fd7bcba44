package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.acme.e2e.observers.Canaries;
import org.acme.e2e.observers.LogScan;
import org.acme.e2e.people.Everywhere;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What all the tests before have left behind. */
@ExtendWith(OnTheStack.class)
@Order(Integer.MAX_VALUE)
class AfterEverythingIT {

    @Test
    @DisplayName("L5 no key of the session keyspace is without a time to live")
    void everyKeyEnds(Stack stack) {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        Everywhere.assertKnown(stack, alice);

        assertThat(stack.redis().keys("sess:*")).isNotEmpty();
        assertThat(stack.redis().keysWithoutEnd()).isEmpty();
    }

    @Test
    @DisplayName("L11 no session id, cookie, code, state, token or secret of the whole run is in any log")
    void logsHoldNoSecret(Stack stack) {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        alice.signOff("projects");
        stack.keycloak().tokens("e2e-cli", "alice");
        stack.redis().keys("sess:*").forEach(key -> Canaries.note("session id", key.substring("sess:".length())));
        stack.secrets().all().forEach((name, value) -> {
            for (String part : value.split("[,:]")) {
                Canaries.note("secret " + name, part.trim());
            }
        });
        Map<String, String> canaries = Canaries.all();
        assertThat(canaries.values())
                .as("kinds of secrets that were seen at all")
                .contains("session id", "session cookie", "parameter code", "parameter state", "access_token");
        assertThat(LogScan.logs(stack.logs())).hasSizeGreaterThanOrEqualTo(8);
        // A topic's segments are files named *.log too: no event holds anything that opens a session.
        assertThat(LogScan.logs(stack.events())).isNotEmpty();

        LogScan scan = new LogScan(canaries);
        assertThat(scan.findingsIn(stack.logs())).isEmpty();
        assertThat(scan.findingsIn(stack.events())).isEmpty();
    }
}
