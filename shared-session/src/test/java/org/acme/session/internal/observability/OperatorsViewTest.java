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

import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.notes.FakeProvider;
import org.acme.session.testing.AuditLines;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What operators see of what happens: meters at {@code q/metrics}, and audit lines. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
@TestProfile(OperatorsViewTest.OwnInstance.class)
class OperatorsViewTest {

    /** In an instance that the other tests share, they may just have had more writes refused than are written (F19). */
    public static final class OwnInstance implements QuarkusTestProfile {}

    /** Put here by {@link RedisServer#inject}. */
    RedisServer redis;

    @Inject
    SpanQueue spans;

    @Inject
    OpenTelemetry telemetry;

    /** A meter by its Prometheus name and tags, as the page has them; zero when it is not there. */
    private static double meter(String nameAndTags) {
        return Arrays.stream(metrics().replace(",}", "}").split("\n"))
                .filter(line -> line.startsWith(nameAndTags + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .findFirst()
                .orElse(0);
    }

    private static String metrics() {
        return get("q/metrics", null, "Accept", "text/plain").body();
    }

    private static void assertCounts(String meter, Runnable what) {
        double before = meter(meter);
        what.run();
        assertEquals(before + 1, meter(meter), meter);
    }

    @Test
    @DisplayName("C3: cookies that count for nothing are counted, forged ones apart from garbage")
    void badCookiesAreCounted() {
        String good = TestSessions.cookieOf("alice");
        // Another id under the same signature.
        String forged = good.replaceFirst("s%3A.", good.contains("s%3AA") ? "s%3AB" : "s%3AA");
        assertCounts("sso_cookies_refused_total{reason=\"forged\"}", () -> get("open", forged, SCRIPT));
        assertCounts("sso_cookies_refused_total{reason=\"unreadable\"}", () -> get("open", "sso=nonsense", SCRIPT));
    }

    @Test
    @DisplayName("E4: a refused write is counted, and the audit log names session, guard and the proxy's request id")
    void refusedWritesAreAudited() {
        SessionRecord alice = TestSessions.sessionOf("alice");
        String cookie = TestSessions.cookieOf(alice);
        try (AuditLines audit = new AuditLines()) {
            assertCounts(
                    "sso_requests_refused_total{guard=\"write\"}",
                    () -> post("write", cookie, "Sec-Fetch-Site", "cross-site", "X-Request-Id", "0123abcd"));
            assertEquals(
                    List.of(Map.of(
                            "event",
                            "request-refused",
                            "guard",
                            "write",
                            "session",
                            alice.id().fingerprint(),
                            "requestId",
                            "0123abcd")),
                    audit.of("request-refused"));
        }
    }

    @Test
    @DisplayName("S1, L11: a sign-off is timed and audited with fingerprint, reason and actor; no id gets there")
    void signOffsAreTimedAndAudited() {
        SessionRecord alice = TestSessions.sessionOf("alice");
        String cookie = TestSessions.cookieOf(alice);
        try (AuditLines audit = new AuditLines()) {
            assertCounts(
                    "sso_sessions_ended_total{actor=\"user\",reason=\"signed-off\"}",
                    () -> assertCounts(
                            "sso_sign_offs_seconds_count{outcome=\"provider-may-remember\"}",
                            () -> post("auth/sign-off", cookie, NAVIGATION)));
            assertEquals(
                    List.of(Map.of(
                            "event",
                            "session-ended",
                            "session",
                            alice.id().fingerprint(),
                            "provider",
                            "keycloak",
                            "reason",
                            "signed-off",
                            "actor",
                            "user")),
                    audit.of("session-ended"));
            String written = String.join("\n", audit.lines()) + metrics();
            for (String secret : List.of(
                    alice.id().value(),
                    alice.identity().subject(),
                    alice.tokens().access(),
                    alice.tokens().refresh().orElseThrow(),
                    cookie)) {
                assertFalse(written.contains(secret), "a secret was written");
            }
        }
    }

    @Test
    @DisplayName("I10: a callback that belongs to no sign-in, and one that does not finish, are told apart")
    void callbacksAreCounted() {
        assertCounts(
                "sso_requests_refused_total{guard=\"callback\"}",
                () -> get("auth/other/callback?code=c&state=s", null, NAVIGATION));
        assertCounts("sso_sign_ins_total{outcome=\"failed\",provider=\"other\"}", () -> finish("code=abc"));
        assertCounts("sso_sign_ins_total{outcome=\"refused\",provider=\"other\"}", () -> finish("error=access_denied"));
    }

    private static void finish(String what) {
        HttpResponse<String> begun = get("auth/other", null, NAVIGATION);
        String state = header(begun, "Location").replaceFirst(".*[?&]state=([^&]*).*", "$1");
        String cookie = setCookies(begun).get(0);
        get(
                "auth/other/callback?" + what + "&state=" + state + "&iss=https%3A%2F%2Fissuer.test",
                cookie.substring(0, cookie.indexOf(';')),
                NAVIGATION);
    }

    @Test
    @DisplayName("A record that cannot be read is counted and audited; its request is a stranger's")
    void damagedRecordsAreAudited() {
        SessionRecord alice = TestSessions.sessionOf("alice");
        String cookie = TestSessions.cookieOf(alice);
        try (RedisConnection guest = guest();
                AuditLines audit = new AuditLines()) {
            guest.send("HSET", Keys.record(alice.id()), "access", "not sealed");
            assertCounts(
                    "sso_sessions_damaged_total",
                    () -> assertEquals(401, get("page", cookie, SCRIPT).statusCode()));
            assertEquals(1, audit.of("session-damaged").size());
        }
    }

    @Test
    @DisplayName("Redis' time is known by script, its failures by kind, and reads by what memory did for them")
    void redisIsMeasured() throws IOException {
        String cookie = TestSessions.cookieOf("alice");
        assertCounts(
                "sso_redis_commands_seconds_count{command=\"read\"}",
                () -> assertCounts(
                        "sso_cache_reads_total{result=\"untrusted\"}",
                        () -> assertEquals(200, get("page", cookie, SCRIPT).statusCode())));
        redis.kill();
        try {
            assertCounts(
                    "sso_redis_failures_total{kind=\"unreachable\"}",
                    () -> assertEquals(503, get("page", cookie, SCRIPT).statusCode()));
            assertEquals(200, get("q/health/ready", null).statusCode(), "an outage of Redis makes no instance unready");
        } finally {
            redis.launch();
        }
        assertEquals(0, meter("sso_lease_held"), "without a transport nobody caches");
    }

    @Test
    @DisplayName("Without Redis and the provider an instance is ready, and says nothing of them")
    void readinessIncludesNobodyElse() {
        HttpResponse<String> ready = get("q/health/ready", null);
        assertEquals(200, ready.statusCode());
        assertFalse(ready.body().toLowerCase(java.util.Locale.ROOT).matches("(?s).*(redis|oidc|keycloak|kafka).*"));
        assertTrue(metrics().contains("http_server_requests_seconds_count"));
    }

    @Test
    @DisplayName("L11 until somebody switches traces on there is none, whatever a request says")
    void tracesAreOff() {
        String cookie = TestSessions.cookieOf("alice");
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        try (AuditLines audit = new AuditLines()) {
            post("write", cookie, "Sec-Fetch-Site", "cross-site", "traceparent", trace);
            assertEquals(200, get("page", cookie, "traceparent", trace).statusCode());
            assertEquals(List.of(), spans.all(telemetry));
            assertFalse(audit.of("request-refused").get(0).containsKey("traceId"));
        }
    }

    private static RedisConnection guest() {
        return new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class));
    }
}
