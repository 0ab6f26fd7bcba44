package org.acme.session.internal.observability;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.post;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.acme.session.contract.SessionRecord;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.AuditLines;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A service with traces on, as nginx asks it. */
@QuarkusTest
@TestProfile(TracesTest.SwitchedOn.class)
class TracesTest {

    private static final String NGINX = "00f067aa0ba902b7";

    @Inject
    SpanQueue spans;

    public static class SwitchedOn implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.otel.sdk.disabled", "false", "quarkus.otel.bsp.schedule.delay", "50ms");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(RedisServer.class), new TestResourceEntry(FakeProvider.class));
        }
    }

    private static String newTrace() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** The headers, and those by which nginx names a request. */
    private static String[] traced(String trace, String... headers) {
        return Stream.concat(
                        Stream.of(headers),
                        Stream.of("X-Request-Id", trace, "traceparent", "00-" + trace + "-" + NGINX + "-01"))
                .toArray(String[]::new);
    }

    @Test
    @DisplayName("A request is a trace by the proxy's id, with a span for each question to Redis, the first ones too")
    void aRequestIsATrace() throws Exception {
        String cookie = TestSessions.cookieOf("alice");
        String trace = newTrace();
        assertEquals(200, get("page", cookie, traced(trace, SCRIPT)).statusCode());

        List<SpanData> ofRequest = spans.upToRequestOf(trace).stream()
                .filter(span -> span.getTraceId().equals(trace))
                .toList();
        SpanData request = ofRequest.get(ofRequest.size() - 1);
        assertEquals("GET /page", request.getName());
        assertEquals(NGINX, request.getParentSpanId());
        List<SpanData> redis = ofRequest.stream()
                .filter(span -> span.getKind() == SpanKind.CLIENT)
                .toList();
        assertEquals(1, redis.size(), ofRequest.toString());
        assertEquals(request.getSpanId(), redis.get(0).getParentSpanId());
        assertTrue(ofRequest.stream().noneMatch(span -> span.getStatus().getStatusCode() == StatusCode.ERROR));
    }

    @Test
    @DisplayName("What belongs to no request of the proxy's begins no trace")
    void onlyTheProxyBeginsATrace() throws Exception {
        assertEquals(200, get("page", TestSessions.cookieOf("alice"), SCRIPT).statusCode());
        String trace = newTrace();
        get("open", null, traced(trace));

        assertTrue(spans.upToRequestOf(trace).stream()
                .allMatch(span -> span.getParentSpanContext().isValid()));
    }

    @Test
    @DisplayName("Lines of the audit log name the trace, which is the request id")
    void auditLinesNameTheTrace() {
        String cookie = TestSessions.cookieOf("alice");
        String trace = newTrace();
        try (AuditLines audit = new AuditLines()) {
            post("auth/sign-off", cookie, traced(trace, NAVIGATION));
            Map<String, String> ended = audit.of("session-ended").get(0);
            assertEquals(trace, ended.get("requestId"));
            assertEquals(trace, ended.get("traceId"));
        }
    }

    @Test
    @DisplayName("L11 a trace holds no session, cookie, code, state, query, path, token or person")
    void aTraceTellsNothing() throws Exception {
        SessionRecord alice = TestSessions.sessionOf("alice");
        String cookie = TestSessions.cookieOf(alice);
        String state = aSignInThatFails(newTrace());
        get("page?next=canary-query", cookie, traced(newTrace(), SCRIPT));
        get("attributes/canary-path", cookie, traced(newTrace(), SCRIPT));
        get("none/canary-path", cookie, traced(newTrace(), "User-Agent", "canary-agent"));
        get("page", cookie, traced(newTrace(), "baggage", "name=canary"));
        String last = newTrace();
        post("auth/sign-off", cookie, traced(last, NAVIGATION));

        List<SpanData> all = spans.upToRequestOf(last);
        assertTrue(
                all.stream().filter(span -> span.getKind() == SpanKind.SERVER).count() >= 6, all.toString());
        for (String secret : List.of(
                "canary",
                state,
                alice.id().value(),
                alice.id().fingerprint(),
                cookie,
                alice.tokens().access(),
                alice.tokens().refresh().orElseThrow(),
                alice.identity().subject(),
                alice.identity().name(),
                "127.0.0.1:")) {
            all.forEach(span -> assertFalse(span.toString().contains(secret), () -> secret + " in " + span));
        }
        assertTrue(all.stream().allMatch(span -> span.getEvents().isEmpty()));
    }

    /** @return its state */
    private static String aSignInThatFails(String trace) {
        HttpResponse<String> begun = get("auth/other", null, traced(trace, NAVIGATION));
        String state = header(begun, "Location").replaceFirst(".*[?&]state=([^&]*).*", "$1");
        String stateCookie = setCookies(begun).get(0);
        HttpResponse<String> failed = get(
                "auth/other/callback?code=canary-code&state=" + state + "&iss=https%3A%2F%2Fissuer.test",
                stateCookie.substring(0, stateCookie.indexOf(';')),
                traced(newTrace(), NAVIGATION));
        assertEquals(400, failed.statusCode());
        return state;
    }
}
