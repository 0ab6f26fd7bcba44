package org.acme.e2e;

import static io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_CLIENT;
import static io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_CONSUMER;
import static io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.acme.e2e.observers.Canaries;
import org.acme.e2e.observers.Collector;
import org.acme.e2e.observers.Collector.Seen;
import org.acme.e2e.observers.LogScan;
import org.acme.e2e.people.Visitor;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.acme.e2e.stack.Stack.Outage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Traces switched on, and what of them leaves the services. */
@ExtendWith(OnTheStack.class)
@Order(Integer.MAX_VALUE - 6)
@Tag("long")
@DisabledIfSystemProperty(
        named = "e2e.compose",
        matches = ".*",
        disabledReason = "containers have no way to a collector on this machine")
class TracesIT {

    private static final String OUTSIDERS_TRACE = "0123456789abcdef0123456789abcdef";
    private static final List<String> OUTSIDER =
            List.of("traceparent", "00-" + OUTSIDERS_TRACE + "-0123456789abcdef-01", "tracestate", "canary=1");

    @TempDir
    static Path messages;

    private static Stack stack;
    private static Collector collector;
    private static Outage switchedOn;

    @BeforeAll
    static void switchOn(Stack theStack) throws IOException {
        stack = theStack;
        collector = new Collector(stack.freePort(2), messages);
        switchedOn = stack.withSettings(
                "services",
                "QUARKUS_OTEL_SDK_DISABLED=false",
                "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT=" + collector.url(),
                "QUARKUS_OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf",
                "QUARKUS_OTEL_BSP_SCHEDULE_DELAY=200ms");
    }

    @AfterAll
    static void switchOff() {
        switchedOn.close();
        collector.close();
    }

    /** The id of the last request for that path, by nginx' log. */
    private static String lastRequest(String path) throws IOException {
        String id = "";
        for (String line : Files.readAllLines(stack.logs().resolve("nginx-access.log"))) {
            JsonNode entry = new ObjectMapper().readTree(line);
            if (entry.path("path").asText().equals(path)) {
                id = entry.path("request_id").asText();
            }
        }
        return id;
    }

    @Test
    @DisplayName(
            "A sign-off is one trace by nginx' request id, through Redis and Kafka, in every instance; no outsider names it")
    void aSignOffIsOneTrace() {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile");
        alice.get("/projects/", OUTSIDER);
        List<String> fromAPage = new java.util.ArrayList<>(OUTSIDER);
        fromAPage.addAll(List.of("Sec-Fetch-Site", "same-origin"));
        alice.post("/users/auth/sign-off", "application/x-www-form-urlencoded", "", fromAPage.toArray(String[]::new));

        await().untilAsserted(() -> {
            List<Seen> trace = collector.of(lastRequest("/users/auth/sign-off"));
            assertThat(trace)
                    .filteredOn(span -> span.is("users-service", SPAN_KIND_SERVER))
                    .singleElement()
                    .satisfies(span -> assertThat(span.text("http.route")).endsWith("/auth/sign-off"));
            assertThat(trace)
                    .filteredOn(span -> span.is("users-service", SPAN_KIND_CLIENT))
                    .extracting(span -> span.text("db.system"))
                    .contains("redis");
            for (String service : List.of("users-service", "projects-service")) {
                assertThat(trace)
                        .filteredOn(span -> span.is(service, SPAN_KIND_CONSUMER))
                        .hasSize(2)
                        .allSatisfy(span ->
                                assertThat(span.text("messaging.system")).isEqualTo("kafka"));
            }
        });
        assertThat(collector.of(OUTSIDERS_TRACE)).isEmpty();
    }

    @Test
    @DisplayName("A service that asks another one goes on with the trace and the request id")
    void aCallBetweenServicesIsPartOfTheTrace() {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/projects/");
        String project = alice.post("/projects/api/projects", "application/json", "{\"name\":\"traced\"}")
                .json()
                .path("id")
                .asText();
        String page = "/projects/" + project;
        alice.post("/projects/api/projects/" + project + "/members", "application/json", "{\"name\":\"bob\"}");
        // The names of members are asked for at the users service.
        assertThat(alice.open(page).body()).contains("bob");

        await().untilAsserted(() -> {
            String request = lastRequest(page);
            assertThat(collector.of(request))
                    .anyMatch(span -> span.is("projects-service", SPAN_KIND_SERVER))
                    .anyMatch(span -> span.is("users-service", SPAN_KIND_SERVER));
            assertThat(lastRequest("/users/api/people")).isEqualTo(request);
        });
    }

    @Test
    @DisplayName(
            "L11 nothing that is sent to a collector holds a session, cookie, code, state, token, path, query or person")
    void tracesHoldNoSecret() throws IOException {
        Visitor alice = new Visitor(stack.base());
        alice.signIn("alice", "/users/profile?token=canary-of-a-query");
        alice.get("/users/nowhere/canary-of-a-path", "User-Agent", "canary-of-a-browser", "baggage", "user=canary");
        alice.get("/users/auth/keycloak/callback?code=canary-of-a-code&state=canary-of-a-state", Visitor.NAVIGATION);
        Canaries.note(
                "subject", alice.get("/users/api/me").json().path("subject").asText());
        String callback = "/users/auth/keycloak/callback";
        alice.get("/users/nowhere/", OUTSIDER);
        alice.signOff("users");
        await().untilAsserted(() -> assertThat(collector.of(lastRequest("/users/auth/sign-off")))
                .anyMatch(span -> span.is("users-service", SPAN_KIND_SERVER)));

        assertThat(collector.of(lastRequest(callback))).isNotEmpty();
        assertThat(Canaries.all().values()).contains("session id", "parameter code", "parameter state", "subject");
        assertThat(new LogScan(Canaries.all()).findingsIn(messages)).isEmpty();
        assertThat(LogScan.logs(messages)).isNotEmpty().allSatisfy(message -> assertThat(textOf(message))
                .doesNotContain("canary", "alice", "bob", "mozilla", "java-http-client"));
        assertThat(collector.all()).allMatch(span -> span.span().getEventsCount() == 0);
    }

    private static String textOf(Path message) {
        try {
            return new String(Files.readAllBytes(message), StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
