package org.acme.projects.rest;

import static org.hamcrest.Matchers.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.acme.projects.testing.SignedIn;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.acme.session.testing.TestSessions;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(RedisServer.class)
class LiveStreamTest {

    private static final String SHORT_MILLIS = "60000";

    @Inject
    LiveStreams streams;

    private final String alice = "alice-" + UUID.randomUUID();
    private final String bob = "bob-" + UUID.randomUUID();
    private String alicesCookie;
    private String bobsCookie;

    @BeforeEach
    void signIn() {
        alicesCookie = TestSessions.cookieOf(alice, "user");
        bobsCookie = TestSessions.cookieOf(bob, "user");
        SignedIn.with(bobsCookie).get("/").then().statusCode(200);
    }

    @Test
    void whoIsAddedHearsOfItAndOfWhatFollowsAndOfTheEnd() {
        String id = create("Apollo");
        try (EventStream bobs = new EventStream(bobsCookie)) {
            shareWithBob(id);
            assertEquals("event:changed", bobs.await("event:"));
            assertEquals("data:{\"project\":\"" + id + "\",\"version\":2}", bobs.await("data:"));
            edit(id, "2");
            assertEquals("data:{\"project\":\"" + id + "\",\"version\":3}", bobs.await("data:"));
            unshare(id);
            assertEquals("data:{\"project\":\"" + id + "\",\"version\":4}", bobs.await("data:"));
            edit(id, "4");
            String next = create("another");
            shareWithBob(next);
            assertEquals(
                    "data:{\"project\":\"" + next + "\",\"version\":2}",
                    bobs.await("data:"),
                    "nothing of what is no longer his");
        }
    }

    @Test
    void whatHappenedWhileThePageWasOnItsWayIsSaidWhenTheStreamOpens() {
        String id = create("just now");
        shareWithBob(id);
        try (EventStream bobs = new EventStream(bobsCookie)) {
            bobs.await("data:{\"project\":\"" + id + "\",\"version\":2}");
        }
    }

    @Test
    void strangersHearNothingAndAdministratorsEverything() {
        String carol = TestSessions.cookieOf("carol-" + UUID.randomUUID(), "user");
        try (EventStream strangers = new EventStream(carol);
                EventStream administrators = new EventStream(TestSessions.cookieOf("root", "user", "admin"))) {
            String id = create("secret");
            administrators.await("data:{\"project\":\"" + id + "\",\"version\":1}");
            String own = SignedIn.with(carol)
                    .contentType(ContentType.JSON)
                    .body("{\"name\":\"hers\"}")
                    .post("/api/projects")
                    .then()
                    .extract()
                    .path("id");
            assertEquals("data:{\"project\":\"" + own + "\",\"version\":1}", strangers.await("data:"));
        }
    }

    @Test
    void theProxyIsToldNotToBufferAndAQuietStreamSaysSomething() {
        try (EventStream stream = new EventStream(alicesCookie)) {
            assertEquals("no", stream.header("X-Accel-Buffering"));
            assertTrue(stream.header("Content-Type").startsWith("text/event-stream"));
            assertEquals("no-store", stream.header("Cache-Control"));
            stream.await(":still here");
        }
    }

    @Test
    @DisplayName("S4: the stream of a session that has been signed off says so and ends by itself")
    void endsWithTheSession() {
        try (EventStream stream = new EventStream(alicesCookie)) {
            SignedIn.with(alicesCookie).post("/auth/sign-off");
            stream.await("event:session-ended");
            assertEquals("data:{\"why\":\"signed off\",\"replaced\":false}", stream.await("data:"));
            stream.awaitEnd();
        }
        try (EventStream again = new EventStream(alicesCookie)) {
            assertEquals(401, again.status());
        }
    }

    @Test
    @DisplayName(
            "I2 S4: the stream of a session that a new sign-in replaced says so: its page is not told that it is over")
    void saysThatASignInReplacedIt() {
        SessionRecord session = TestSessions.sessionOf("twice", "user");
        try (EventStream stream = new EventStream(TestSessions.cookieOf(session));
                RedisConnection redis = redis()) {
            redis.send("HSET", Keys.record(session.id()), "state", "ended", "endReason", "replaced");
            redis.send("DEL", Keys.express(session.id()));
            stream.await("event:session-ended");
            assertEquals("data:{\"why\":\"replaced by a new sign-in\",\"replaced\":true}", stream.await("data:"));
            stream.awaitEnd();
        }
    }

    @Test
    @DisplayName("L2 S4: neither an open stream nor what a page asks by itself keeps a session from idling out")
    void isNoActivity() {
        SessionRecord session = TestSessions.sessionOf("idle", "user");
        String cookie = TestSessions.cookieOf(session);
        String key = Keys.express(session.id());
        try (RedisConnection redis = redis()) {
            redis.send("PEXPIRE", key, SHORT_MILLIS);
            try (EventStream stream = new EventStream(cookie)) {
                stream.await(":still here"); // long enough for the session to have been looked at
            }
            SignedIn.with(cookie).header("Prefer", "background").get("/").then().statusCode(200);
            assertTrue(redis.number("PTTL", key) <= Long.parseLong(SHORT_MILLIS), "nothing was touched");
            SignedIn.with(cookie).get("/").then().statusCode(200);
            assertTrue(redis.number("PTTL", key) > Long.parseLong(SHORT_MILLIS), "a person's request is activity");
        }
    }

    @Test
    void oneSessionHasAFewStreamsAndTheOldestEnds() {
        List<EventStream> opened = new ArrayList<>();
        try {
            for (int i = 0; i < 5; i++) {
                opened.add(new EventStream(alicesCookie));
            }
            opened.get(0).awaitEnd();
            String id = create("heard by the others");
            opened.subList(1, 5).forEach(stream -> stream.await("data:{\"project\":\"" + id));
        } finally {
            opened.forEach(EventStream::close);
        }
    }

    @Test
    void aReaderThatGoesAwayLeavesNothingBehind() {
        new EventStream(alicesCookie).close();
        new EventStream(bobsCookie).close();
        long deadline = System.nanoTime() + Duration.ofSeconds(12).toNanos();
        while (streams.open() > 0) {
            assertTrue(System.nanoTime() < deadline, () -> streams.open() + " streams are still kept");
            Thread.onSpinWait();
        }
    }

    @Test
    @DisplayName("O1: when the store's changes were interrupted, readers are told that they may have missed some")
    void anInterruptionIsTold() {
        try (EventStream stream = new EventStream(alicesCookie);
                RedisConnection redis = redis()) {
            redis.send("CLIENT", "KILL", "TYPE", "pubsub");
            assertEquals("event:missed-some", stream.await("event:"));
            String id = create("afterwards");
            stream.await("data:{\"project\":\"" + id);
        }
    }

    @Test
    @DisplayName("I5: a stream is for who is signed in; others get 401 and no redirect")
    void isForWhoIsSignedIn() {
        SignedIn.with("nothing=here")
                .accept("text/event-stream")
                .header("Sec-Fetch-Mode", "cors")
                .get("/live")
                .then()
                .statusCode(401);
        SignedIn.as("guest")
                .accept("text/event-stream")
                .header("Sec-Fetch-Mode", "cors")
                .get("/live")
                .then()
                .statusCode(403);
    }

    private String create(String name) {
        return asAlice()
                .body("{\"name\":\"" + name + "\"}")
                .post("/api/projects")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    private void shareWithBob(String id) {
        asAlice()
                .body("{\"name\":\"" + bob + "\"}")
                .post("/api/projects/" + id + "/members")
                .then()
                .statusCode(201);
    }

    private void unshare(String id) {
        String member = asAlice().get("/api/projects/" + id).path("members[0].id");
        asAlice().delete("/api/projects/" + id + "/members/" + member).then().statusCode(204);
    }

    private void edit(String id, String version) {
        asAlice()
                .header("If-Match", "\"" + version + "\"")
                .body("{\"name\":\"changed\"}")
                .put("/api/projects/" + id)
                .then()
                .statusCode(200)
                .body("name", equalTo("changed"));
    }

    private RequestSpecification asAlice() {
        return SignedIn.with(alicesCookie).contentType(ContentType.JSON);
    }

    private static RedisConnection redis() {
        return new RedisConnection(ConfigProvider.getConfig().getValue("quarkus.redis.hosts", String.class));
    }
}
