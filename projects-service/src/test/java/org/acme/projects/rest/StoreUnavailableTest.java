package org.acme.projects.rest;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.acme.projects.testing.SignedIn;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What users and scripts are told when the store refuses; that it does so in time is ProjectStoreOutageTest's. */
@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class StoreUnavailableTest {

    @Inject
    Redis redis;

    private String cookie;

    @BeforeEach
    void fill() {
        cookie = TestSessions.cookieOf("alice", "user");
        limitMemory("1");
    }

    @AfterEach
    void free() {
        limitMemory("0");
    }

    @Test
    @DisplayName(
            "O2 E7: people get a page that says so, 503 and Retry-After, and keep their cookie and what they typed")
    void peopleGetAPage() {
        SignedIn.with(cookie)
                .formParam("name", "any")
                .post("/")
                .then()
                .statusCode(503)
                .header("Retry-After", "2")
                .header("Set-Cookie", nullValue())
                .contentType("text/html")
                .body(containsString("You are still signed in"))
                .body(containsString("value=\"any\""));
    }

    @Test
    @DisplayName("O2: scripts get a problem document, 503 and Retry-After")
    void scriptsGetAProblemDocument() {
        SignedIn.with(cookie)
                .contentType(ContentType.JSON)
                .body("{\"name\":\"any\"}")
                .post("/api/projects")
                .then()
                .statusCode(503)
                .header("Retry-After", "2")
                .header("Set-Cookie", nullValue())
                .contentType("application/problem+json")
                .body("status", equalTo(503));
    }

    @Test
    @DisplayName("O2: an outage is one line in the log, however many requests meet it")
    void anOutageIsOneLine() {
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(String.valueOf(line.getMessage()));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger log = Logger.getLogger(StoreUnavailableMapper.class.getName());
        log.addHandler(listener);
        try {
            for (int i = 0; i < 20; i++) {
                SignedIn.with(cookie).formParam("name", "any").post("/").then().statusCode(503);
            }
        } finally {
            log.removeHandler(listener);
        }
        // None, when the tests before have met the outage within the last ten seconds.
        assertTrue(lines.size() <= 1, lines::toString);
    }

    private void limitMemory(String bytes) {
        redis.send(Request.cmd(Command.CONFIG).arg("SET").arg("maxmemory").arg(bytes))
                .await()
                .atMost(Duration.ofSeconds(5));
    }
}
