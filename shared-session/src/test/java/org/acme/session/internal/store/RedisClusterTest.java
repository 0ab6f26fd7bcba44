package org.acme.session.internal.store;

import static org.acme.session.notes.Browser.NAVIGATION;
import static org.acme.session.notes.Browser.SCRIPT;
import static org.acme.session.notes.Browser.get;
import static org.acme.session.notes.Browser.post;
import static org.acme.session.notes.Browser.send;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionId;
import org.acme.session.internal.oidc.ProviderAnswer;
import org.acme.session.notes.FakeProvider;
import org.acme.session.notes.StepUpSignIn;
import org.acme.session.testing.RedisCluster;
import org.acme.session.testing.RedisConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A service with a Redis Cluster, as the Redis user that {@code infra/redis/users.acl} gives it. */
@QuarkusTest
@QuarkusTestResource(value = RedisCluster.class, restrictToAnnotatedClass = true)
@QuarkusTestResource(FakeProvider.class)
class RedisClusterTest {

    /** As many as the sessions of these tests need to be on all masters, but for one in a thousand runs. */
    private static final int BROWSERS = 18;

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    RedisCluster cluster;
    FakeProvider provider;

    @AfterEach
    void nothingWasRefused() {
        provider.behaves();
        cluster.masters().forEach(master -> {
            try (master) {
                Set<String> errors = RedisCluster.errors(master);
                // A script that a master is given first, and a slot that moves.
                errors.removeAll(Set.of("NOSCRIPT", "ASK", "MOVED"));
                assertEquals(Set.of(), errors);
            }
        });
    }

    private static String signIn() {
        return StepUpSignIn.session(StepUpSignIn.begin("auth/other", null).end(new JsonObject()));
    }

    private static int page(String cookie) {
        return get("page", cookie, SCRIPT).statusCode();
    }

    private static Set<Integer> pages(List<String> cookies) {
        return cookies.stream().map(RedisClusterTest::page).collect(Collectors.toSet());
    }

    private static SessionId id(String cookie) {
        Matcher id = Pattern.compile("=s:([^.]+)\\.").matcher(URLDecoder.decode(cookie, StandardCharsets.UTF_8));
        assertTrue(id.find(), "a session's cookie");
        return SessionId.of(id.group(1)).orElseThrow();
    }

    @Test
    @DisplayName(
            "O5: in a Redis Cluster sessions of all masters begin, are read and listed, and end one by one or together")
    void onEveryMaster() {
        List<String> cookies =
                Stream.generate(RedisClusterTest::signIn).limit(BROWSERS).toList();
        cluster.masters().forEach(master -> {
            try (master) {
                assertFalse(master.texts("KEYS", "sess:*").isEmpty(), "a master without sessions");
            }
        });
        assertEquals(Set.of(200), pages(cookies));
        String last = cookies.get(BROWSERS - 1);
        assertEquals(
                BROWSERS - 1,
                get("devices/handles", last, SCRIPT).body().lines().count());

        List<String> signedOff = cookies.subList(0, BROWSERS / 3);
        for (String cookie : signedOff) {
            assertEquals(303, post("auth/sign-off", cookie, NAVIGATION).statusCode());
        }
        assertEquals(Set.of(401), pages(signedOff));
        List<String> others = cookies.subList(BROWSERS / 3, BROWSERS);
        assertEquals(Set.of(200), pages(others));
        assertEquals(
                Integer.toString(others.size()),
                post("devices/end-all", last, SCRIPT).body());
        assertEquals(Set.of(401), pages(others));
    }

    @Test
    @DisplayName("O5 R1: in a Redis Cluster tokens that are due are refreshed")
    void refreshed() {
        provider.answers(tokens("first", 1));
        String cookie = signIn();
        provider.answers(tokens("second", 300));
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        String token = get("api/token", cookie, SCRIPT).body();
        while (!token.equals("second") && System.nanoTime() < deadline) {
            assertEquals("first", token);
            token = get("api/token", cookie, SCRIPT).body();
        }
        assertEquals("second", token);
        post("auth/sign-off", cookie, NAVIGATION);
    }

    private static ProviderAnswer tokens(String access, int seconds) {
        String body = "{\"access_token\": \"" + access + "\", \"token_type\": \"Bearer\", \"expires_in\": " + seconds
                + ", \"refresh_token\": \"$refresh\", \"id_token\": \"$id\"}";
        return new ProviderAnswer(0, "token", 200, List.of(), body, "tokens " + seconds);
    }

    @Test
    @DisplayName(
            "O5: a session whose slot moves to another master is found while it moves (ASK) and afterwards (MOVED)")
    void aSlotMoves() {
        String cookie = signIn();
        SessionId id = id(cookie);
        String express = Keys.express(id);
        try (RedisConnection from = cluster.masterOf(express);
                RedisConnection to = cluster.notMasterOf(express)) {
            String slot = RedisCluster.slot(from, express);
            String source = from.text("CLUSTER", "MYID");
            String target = to.text("CLUSTER", "MYID");
            to.send("CLUSTER", "SETSLOT", slot, "IMPORTING", source);
            from.send("CLUSTER", "SETSLOT", slot, "MIGRATING", target);
            cluster.move(from, to, Keys.of(id));
            assertEquals(0, from.number("CLUSTER", "COUNTKEYSINSLOT", slot));
            assertEquals(
                    204,
                    send("PUT", "attributes/draft", cookie, "while it moves", SCRIPT)
                            .statusCode());

            to.send("CLUSTER", "SETSLOT", slot, "NODE", target);
            from.send("CLUSTER", "SETSLOT", slot, "NODE", target);
            assertEquals(
                    "while it moves", get("attributes/draft", cookie, SCRIPT).body());
        }
        assertEquals(303, post("auth/sign-off", cookie, NAVIGATION).statusCode());
        assertEquals(401, page(cookie));
    }
}
