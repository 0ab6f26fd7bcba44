package org.acme.session.internal.store;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.notes.FakeProvider;
import org.acme.session.notes.StepUpSignIn;
import org.acme.session.testing.RedisSentinels;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * A service with a Redis that Sentinels watch, as the Redis user that {@code infra/redis/users.acl} gives it; what ends is
 * answered when a replica has it ({@code sso.store.replicas=1}).
 */
@QuarkusTest
@QuarkusTestResource(value = RedisSentinels.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(FakeProvider.class)
class RedisSentinelTest {

    /** The limit of the store, 2 s, and what a busy machine takes to notice. */
    private static final Duration STORE_LIMIT = Duration.ofMillis(3500);

    /** What docs/scaling.md states is a median; this is where it is no fail-over any more. */
    private static final Duration FAIL_OVER_LIMIT = Duration.ofSeconds(10);

    RedisSentinels sentinels;

    private static String signIn() {
        return StepUpSignIn.session(StepUpSignIn.begin("auth/other", null).end(new JsonObject()));
    }

    private static String record(String cookie) {
        Matcher id = Pattern.compile("=s:([^.]+)\\.").matcher(URLDecoder.decode(cookie, StandardCharsets.UTF_8));
        assertTrue(id.find(), "a session's cookie");
        return Keys.record(SessionId.of(id.group(1)).orElseThrow());
    }

    private static HttpResponse<String> signOff(String cookie) {
        return post("auth/sign-off", cookie, NAVIGATION);
    }

    private static int page(String cookie) {
        return get("page", cookie, SCRIPT).statusCode();
    }

    @Test
    @DisplayName("O5 S1: over Sentinels sessions begin and end, and when a sign-off has answered a replica has the end")
    void endsAreReplicated() {
        for (int i = 0; i < 10; i++) {
            String cookie = signIn();
            assertEquals(200, page(cookie));
            assertEquals(303, signOff(cookie).statusCode());
            assertTrue(sentinels.atReplicas(record(cookie), "state").contains("ended"), "a replica has it");
            assertEquals(401, page(cookie));
        }
    }

    @Test
    @DisplayName("O5 S1: while no replica answers a sign-off says so in time (503), and completes when asked again")
    void notReplicated() {
        String cookie = signIn();
        sentinels.pauseReplicas();
        try {
            long begun = System.nanoTime();
            HttpResponse<String> unavailable = signOff(cookie);
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            assertEquals(503, unavailable.statusCode());
            assertTrue(unavailable.headers().firstValue("Retry-After").isPresent());
            assertEquals(List.of(), unavailable.headers().allValues("Set-Cookie"));
            assertTrue(took.compareTo(STORE_LIMIT) < 0, "took " + took);
        } finally {
            sentinels.resumeReplicas();
        }
        assertEquals(303, signOff(cookie).statusCode());
        assertTrue(sentinels.atReplicas(record(cookie), "state").contains("ended"), "a replica has it");
        assertEquals(401, page(cookie));
    }

    @Test
    @DisplayName(
            "O5 S1: a master that is killed is replaced without a restart; who is signed in stays, who has signed off too")
    void masterKilled() {
        String alice = signIn();
        String bob = signIn();
        assertEquals(303, signOff(bob).statusCode());
        sentinels.killMaster();
        try {
            Duration read = until(() -> page(alice) == 200, alice);
            Duration write = until(() -> signOff(alice).statusCode() == 303, alice);
            System.out.printf("read after %d ms, sign-off after %d ms more%n", read.toMillis(), write.toMillis());
            assertEquals(401, page(bob));
            assertEquals(401, page(alice));
        } finally {
            sentinels.restore();
        }
    }

    /** Until then the answer is that there is none. */
    private static Duration until(BooleanSupplier works, String cookie) {
        long begun = System.nanoTime();
        while (!works.getAsBoolean()) {
            assertTrue(Set.of(200, 503).contains(page(cookie)), "unavailable, and not signed out");
            assertTrue(System.nanoTime() - begun < FAIL_OVER_LIMIT.toNanos(), "not in " + FAIL_OVER_LIMIT);
        }
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
