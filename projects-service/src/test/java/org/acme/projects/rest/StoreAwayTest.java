package org.acme.projects.rest;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.vertx.mutiny.redis.client.Command;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.Request;
import jakarta.inject.Inject;
import java.time.Duration;
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
class StoreAwayTest {

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
    @DisplayName("O2: people get a page that says so, 503 and Retry-After, and keep their cookie")
    void peopleGetAPage() {
        SignedIn.with(cookie)
                .formParam("name", "any")
                .post("/")
                .then()
                .statusCode(503)
                .header("Retry-After", "2")
                .header("Set-Cookie", nullValue())
                .contentType("text/html")
                .body(containsString("you are still signed in"));
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

    private void limitMemory(String bytes) {
        redis.send(Request.cmd(Command.CONFIG).arg("SET").arg("maxmemory").arg(bytes))
                .await()
                .atMost(Duration.ofSeconds(5));
    }
}
