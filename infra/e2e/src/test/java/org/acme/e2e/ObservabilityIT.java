package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.Instance;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What operators see of a running system. */
@ExtendWith(OnTheStack.class)
class ObservabilityIT {

    private static final Path FILES = Path.of("../observability");
    private static final Pattern METRIC = Pattern.compile("\\b(?:sso|http_server)_[a-z_]+\\b");

    @Test
    @DisplayName("Dashboard and alert rules ask for metrics that there are")
    void everyMetricExists(Stack stack) throws IOException {
        somebodySignsInAndOff(stack);
        Set<String> there = new TreeSet<>();
        for (Instance instance : stack.instances()) {
            there.addAll(metricsIn(metrics(stack, instance)));
        }
        Set<String> asked = new TreeSet<>();
        asked.addAll(metricsIn(Files.readString(FILES.resolve("alerts.yaml"))));
        asked.addAll(metricsIn(Files.readString(FILES.resolve("grafana-dashboard.json"))));
        // Nothing has been refreshed, and need not be for this.
        asked.remove("sso_refreshes_total");
        assertThat(asked).hasSizeGreaterThan(15);
        assertThat(there).containsAll(asked);
    }

    @Test
    @DisplayName("L11 sign-in and sign-off are in the audit log, with the request ids of nginx' access log")
    void auditLinesFindTheirRequests(Stack stack) {
        somebodySignsInAndOff(stack);
        await().untilAsserted(() -> {
            List<String> lines = serviceLines(stack);
            String begun = last(lines, "\\bsigned-in provider=.*session=");
            String ended = last(lines, "\\bsession-ended .*reason=signed-off");
            assertThat(field(ended, "session")).isEqualTo(field(begun, "session"));
            assertThat(path(stack, begun)).isEqualTo("/users/auth/keycloak/callback");
            assertThat(path(stack, ended)).isEqualTo("/users/auth/sign-off");
        });
    }

    @Test
    @DisplayName("E1 health and metrics are asked at an instance, never from outside")
    void metricsStayInside(Stack stack) {
        for (String path : List.of("/users/q/metrics", "/projects/q/metrics", "/users/q/health")) {
            assertThat(new Visitor(stack.base()).get(path).status()).isEqualTo(404);
        }
    }

    private static void somebodySignsInAndOff(Stack stack) {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        alice.signOff("users");
    }

    private static String metrics(Stack stack, Instance instance) {
        return new Visitor(stack.base())
                .get(instance.url("/" + instance.service() + "/q/metrics"), "Accept", "text/plain")
                .body();
    }

    private static Set<String> metricsIn(String text) {
        Set<String> names = new TreeSet<>();
        METRIC.matcher(text).results().map(MatchResult::group).forEach(names::add);
        return names;
    }

    private static List<String> serviceLines(Stack stack) throws IOException {
        try (var files = Files.list(stack.logs())) {
            List<String> lines = new java.util.ArrayList<>();
            for (Path log : files.filter(file -> file.getFileName().toString().matches("(users|projects).*\\.log"))
                    .toList()) {
                lines.addAll(Files.readAllLines(log));
            }
            return lines;
        }
    }

    /** The last by time; every line begins with it. */
    private static String last(List<String> lines, String about) {
        Pattern wanted = Pattern.compile(about);
        return lines.stream()
                .filter(line -> wanted.matcher(line).find())
                .max(java.util.Comparator.naturalOrder())
                .orElse("");
    }

    private static String field(String line, String name) {
        // The line itself, or the message of one in JSON.
        return line.replaceFirst(".*\\b" + name + "=([^\\s\"]+).*", "$1");
    }

    /** The path of the request that a service's line belongs to, by nginx' log. */
    private static String path(Stack stack, String line) throws IOException {
        for (String request : Files.readAllLines(stack.logs().resolve("nginx-access.log"))) {
            if (!request.startsWith("{")) {
                continue; // a container's nginx writes its notices there, too
            }
            JsonNode entry = new ObjectMapper().readTree(request);
            if (line.contains(entry.get("request_id").asText())) {
                return entry.get("path").asText();
            }
        }
        return "";
    }
}
