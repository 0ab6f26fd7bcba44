package org.acme.session.internal.store;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import org.acme.session.notes.FakeProvider;
import org.acme.session.notes.StepUpSignIn;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisOverTls;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A service with the settings of docs/operations.md for a Redis over TLS. */
@QuarkusTest
@QuarkusTestResource(value = RedisOverTls.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(FakeProvider.class)
class RedisOverTlsTest {

    RedisOverTls redis;

    @Test
    @DisplayName("O5: with a Redis over TLS, whose certificate and name are checked, sessions begin, are read, and end")
    void aSession() {
        String cookie =
                StepUpSignIn.session(StepUpSignIn.begin("auth/other", null).end(new JsonObject()));
        assertEquals(200, get("page", cookie, SCRIPT).statusCode());
        try (RedisConnection look = redis.asTests()) {
            assertFalse(look.texts("KEYS", "sess:*").isEmpty());
        }
        assertEquals(303, post("auth/sign-off", cookie, NAVIGATION).statusCode());
        assertEquals(401, get("page", cookie, SCRIPT).statusCode());
    }
}
