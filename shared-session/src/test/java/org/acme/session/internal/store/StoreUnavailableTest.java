package org.acme.session.internal.store;

import static org.acme.session.notes.Browser.BARE;
import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.header;
import static org.acme.session.notes.Browser.post;
import static org.acme.session.notes.Browser.setCookies;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import org.acme.session.notes.FakeProvider;
import org.acme.session.notes.NotesResource;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
@QuarkusTestResource(FakeProvider.class)
class StoreUnavailableTest {

    /** Put here by {@link RedisServer#inject}. */
    RedisServer redis;

    @Test
    @DisplayName("O1: with Redis killed, 503 and Retry-After, no Set-Cookie, nothing runs; back, the same cookie works")
    void killedAndBack() throws IOException {
        String cookie = TestSessions.cookieOf("alice", "user");
        assertEquals("alice [user]", get("page", cookie, BARE).body());
        int writes = NotesResource.WRITES.get();
        redis.kill();
        try {
            for (String path : List.of("page", "open", "auth/keycloak", "auth/other/callback")) {
                assertUnavailable(get(path, cookie, NAVIGATION), "text/html");
            }
            assertUnavailable(get("page", cookie, SCRIPT), "application/problem+json");
            assertUnavailable(get("api/token", cookie, NAVIGATION), "application/problem+json");
            for (String path : List.of("write", "open-write", "leave", "auth/sign-off")) {
                assertUnavailable(post(path, cookie, SCRIPT), "application/problem+json");
            }
            assertEquals(writes, NotesResource.WRITES.get());

            assertEquals("nobody", get("open", null, NAVIGATION).body());
            assertEquals("nobody", get("open", "sso=forged", NAVIGATION).body());
            assertEquals(200, get("q/health", cookie, BARE).statusCode());
        } finally {
            redis.launch();
        }
        assertEquals("alice [user]", get("page", cookie, BARE).body());
    }

    private static void assertUnavailable(HttpResponse<String> answer, String type) {
        String what = answer.uri() + ": " + answer.body();
        assertEquals(503, answer.statusCode(), what);
        assertEquals("2", header(answer, "Retry-After"), what);
        assertEquals("no-store", header(answer, "Cache-Control"), what);
        assertTrue(header(answer, "Content-Type").startsWith(type), what);
        assertEquals(List.of(), setCookies(answer), what);
    }
}
