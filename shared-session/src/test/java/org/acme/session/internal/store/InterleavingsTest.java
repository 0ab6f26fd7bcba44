package org.acme.session.internal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.acme.session.contract.Script;
import org.acme.session.internal.store.Interleavings.Outcome;
import org.acme.session.testing.RedisConnection;
import org.acme.session.testing.RedisServer;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every order in which those who work on one session can have their commands run by Redis. What it can find is shown too: a
 * script is broken by taking something out of the real one, and then some order breaks a law.
 */
class InterleavingsTest {

    private static final Logger LOG = Logger.getLogger(InterleavingsTest.class);
    private static final int ALL = Integer.MAX_VALUE;

    private static final RedisServer server = new RedisServer();
    private static RedisConnection redis;

    @BeforeAll
    static void start() {
        server.start();
        redis = new RedisConnection(server.uri());
    }

    @AfterAll
    static void stop() {
        redis.close();
        server.stop();
    }

    /** Who is at work. */
    enum Scene {
        REQUEST_REFRESH_SIGN_OFF_GUEST(session -> session.request("request")
                .refresh("refresh")
                .signOff("sign-off")
                .guest("guest")),
        TWO_REFRESHES_AND_SIGN_OFF(
                session -> session.refresh("one").refresh("other").signOff("sign-off")),
        TWO_REFRESHES_AND_A_LOCK_THAT_RUNS_OUT(
                session -> session.refresh("one").refresh("other").lockRunsOut()),
        TWO_ATTRIBUTE_WRITERS_SIGN_OFF_GUEST(session ->
                session.attributes("a").attributes("b").signOff("sign-off").guest("guest")),
        TWO_SIGN_OFFS_AND_A_GUESTS(session -> session.signOff("sign-off")
                .signOff("again")
                .guestSignOff("guest's sign-off")
                .guest("guest")),
        GUESTS_SIGN_OFF_AND_LATE_WRITE(session -> session.request("request")
                .request("next")
                .guestSignOff("guest's sign-off")
                .guest("guest")
                .attributes("a"));

        private final Consumer<ScriptedSession> actors;

        Scene(Consumer<ScriptedSession> actors) {
            this.actors = actors;
        }

        Outcome play(int depth, Map<Script, String> changed) {
            Map<Script, String> scripts = ScriptedSession.load(redis, changed);
            return Interleavings.explore(depth, () -> {
                ScriptedSession session = new ScriptedSession(redis, scripts);
                actors.accept(session);
                return session;
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("L4, L5, L8, R1: the first five steps in every order")
    void everyOrderOfTheFirstSteps(Scene scene) {
        holds(scene, 5);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("long")
    @DisplayName("L4, L5, L8, R1: all steps in every order")
    void everyOrder(Scene scene) {
        holds(scene, ALL);
    }

    private static void holds(Scene scene, int depth) {
        Outcome outcome = scene.play(depth, Map.of());
        LOG.infof(
                "%s: %d schedules of the first %s steps, %d steps",
                scene, outcome.schedules(), depth == ALL ? "and all later" : depth, outcome.steps());
        assertEquals(
                Optional.empty(), outcome.violation(), () -> outcome.violation().orElse(""));
        assertTrue(outcome.schedules() > 1);
    }

    /** What is taken out of a script, and what then goes wrong. */
    enum Broken {
        END_LEAVES_THE_STATE(
                Scene.REQUEST_REFRESH_SIGN_OFF_GUEST,
                Script.END,
                "'state', 'ended', 'endReason'",
                "'endReason'",
                "what has ended is not marked so"),
        END_KEEPS_THE_TOKENS(
                Scene.TWO_ATTRIBUTE_WRITERS_SIGN_OFF_GUEST,
                Script.END,
                "redis.call('HDEL', KEYS[2], fields[i])",
                "",
                "an ended record holds an access token or attributes"),
        END_ASKS_FOR_NO_REVISION(
                Scene.TWO_REFRESHES_AND_A_LOCK_THAT_RUNS_OUT,
                Script.END,
                "and ARGV[3] ~= ''",
                "and false",
                "a refusal of old tokens ended a session that has new ones"),
        READ_LEAVES_A_GUESTS_KEY(
                Scene.REQUEST_REFRESH_SIGN_OFF_GUEST, Script.READ, "redis.call('DEL', KEYS[1])", "", "guest's key"),
        READ_MARKS_NOTHING(
                Scene.GUESTS_SIGN_OFF_AND_LATE_WRITE,
                Script.READ,
                "redis.call('HSET', KEYS[2], 'state', 'ended', 'endReason', 'gone', 'endActor', 'system', 'endedAt', now)",
                "",
                "what has ended is not marked so"),
        READ_BELIEVES_A_GUESTS_LIMIT(
                Scene.REQUEST_REFRESH_SIGN_OFF_GUEST,
                Script.READ,
                "if left < 0 or left > allowed then",
                "if false then",
                "a guest's longer time to live stays after a look"),
        TOKENS_ARE_WRITTEN_INTO_WHAT_HAS_ENDED(
                Scene.REQUEST_REFRESH_SIGN_OFF_GUEST,
                Script.WRITE_TOKENS,
                "if redis.call('HGET', KEYS[1], 'state') ~= 'live' then return ended() end\n"
                        + "if redis.call('HGET', KEYS[1], 'tokensRev') ~= ARGV[1] then return 0 end",
                "",
                "an ended record holds an access token or attributes"),
        TOKENS_ARE_NOT_COUNTED(
                Scene.TWO_REFRESHES_AND_SIGN_OFF,
                Script.WRITE_TOKENS,
                "redis.call('HINCRBY', KEYS[1], 'tokensRev', 1)",
                "1",
                "new tokens, and tokensRev does not tell"),
        A_LOCK_IS_RELEASED_BY_ANYBODY(
                Scene.TWO_REFRESHES_AND_A_LOCK_THAT_RUNS_OUT,
                Script.LOCK_RELEASE,
                "if redis.call('GET', KEYS[1]) == ARGV[1] then",
                "if true then",
                "somebody else's lock was released"),
        ATTRIBUTES_ARE_OVERWRITTEN(
                Scene.TWO_ATTRIBUTE_WRITERS_SIGN_OFF_GUEST,
                Script.WRITE_ATTRIBUTES,
                "if (redis.call('HGET', KEYS[2], ARGV[1]) or '') ~= ARGV[2] then return 0 end",
                "",
                "an attribute that was written is lost"),
        ATTRIBUTES_ARE_WRITTEN_INTO_WHAT_HAS_ENDED(
                Scene.TWO_ATTRIBUTE_WRITERS_SIGN_OFF_GUEST,
                Script.WRITE_ATTRIBUTES,
                "if redis.call('HGET', KEYS[2], 'state') ~= 'live' or redis.call('EXISTS', KEYS[1]) == 0 then return -1 end",
                "",
                "an ended record holds an access token or attributes"),
        A_MARK_STAYS_FOR_EVER(
                Scene.TWO_REFRESHES_AND_SIGN_OFF,
                Script.MARK_ENDED,
                ", 'PX', ARGV[1]",
                "",
                "a key has no time to live");

        private final Scene scene;
        private final Script script;
        private final String taken;
        private final String instead;
        private final String law;

        Broken(Scene scene, Script script, String taken, String instead, String law) {
            this.scene = scene;
            this.script = script;
            this.taken = taken;
            this.instead = instead;
            this.law = law;
        }

        Map<Script, String> scripts() {
            String source = script.source();
            assertTrue(source.contains(taken), () -> script + " does not say any more: " + taken);
            return Map.of(script, source.replace(taken, instead));
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("and it would be found if a script did less")
    void aBrokenScriptIsFound(Broken broken) {
        Outcome outcome = broken.scene.play(ALL, broken.scripts());
        String story = outcome.violation().orElse("nothing was found");
        LOG.infof("%s: found by schedule %d%n%s", broken, outcome.schedules(), story);
        assertTrue(story.contains("BROKEN: ") && story.contains(broken.law), story);
    }
}
