package org.acme.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.acme.e2e.stack.OnTheStack;
import org.acme.e2e.stack.Stack;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisDataException;

/** What the Redis users of services and guests may do: what their programs do ({@code infra/redis/users.acl}). */
@ExtendWith(OnTheStack.class)
class RedisAccessIT {

    private static final String SESSIONS =
            "asking auth cluster|slots del eval evalsha exists get hdel hello hget hgetall hincrby hkeys hmget hset"
                    + " pexpire pexpireat ping pttl publish set subscribe time wait zadd zcard zrange zrangebyscore zrem zremrangebyscore"
                    + " zscan zscore";
    private static final String PROJECTS = " expire hexists hlen hvals incr sadd smembers srem zrevrangebyscore";
    private static final String GUEST = "auth del expire get hello ping set";

    /** Redis gives them to everybody, whatever the list says. */
    private static final Set<String> ALWAYS = Set.of("auth", "hello", "quit", "reset");

    private Stack stack;

    @BeforeEach
    void remember(Stack stack) {
        this.stack = stack;
    }

    @ParameterizedTest
    @ValueSource(strings = {"users-service", "projects-service", "guest-express"})
    @DisplayName("A8 F43 of all commands that Redis has, a service and a guest may run those that their programs send")
    void commands(String user) {
        Set<String> expected = new TreeSet<>(ALWAYS);
        expected.addAll(List.of(
                switch (user) {
                    case "users-service" -> SESSIONS.split(" ");
                    case "projects-service" -> (SESSIONS + PROJECTS).split(" ");
                    default -> GUEST.split(" ");
                }));
        Set<String> allowed = new TreeSet<>();
        try (Jedis administrator = as("tests", stack.secrets().redisTestsPassword())) {
            everyCommand((List<?>) send(administrator, "COMMAND"), command -> {
                if (mayRun(administrator, user, command)) {
                    allowed.add(String.join(
                            "|", command.subList(0, Set.of("client", "cluster").contains(command.get(0)) ? 2 : 1)));
                }
            });
        }
        assertThat(allowed).isEqualTo(expected);
    }

    /** Each with as many words as it wants at least. */
    private static void everyCommand(List<?> infos, java.util.function.Consumer<List<String>> consumer) {
        for (Object info : infos) {
            List<?> fields = (List<?>) info;
            List<String> command = new ArrayList<>(
                    List.of(text(fields.get(0)).toLowerCase(Locale.ROOT).split("\\|")));
            long words = Math.abs((Long) fields.get(1));
            boolean counted = command.get(0).matches("eval.*|fcall.*");
            while (command.size() < words) {
                command.add(counted && command.size() == 2 ? "0" : "sess:x");
            }
            List<?> parts = (List<?>) fields.get(9);
            if (parts.isEmpty()) {
                consumer.accept(command);
            }
            everyCommand(parts, consumer);
        }
    }

    private static boolean mayRun(Jedis administrator, String user, List<String> command) {
        List<String> question = new ArrayList<>(List.of("ACL", "DRYRUN", user));
        question.addAll(command);
        return !text(send(administrator, question.toArray(String[]::new))).contains("run the '");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CLIENT TRACKING ON BCAST",
                "CLIENT LIST",
                "CLIENT NO-EVICT ON",
                "KEYS *",
                "SCAN 0",
                "RANDOMKEY",
                "DBSIZE",
                "MONITOR",
                "CONFIG GET *",
                "CONFIG SET requirepass x",
                "DEBUG SLEEP 0",
                "FLUSHALL",
                "FLUSHDB",
                "SCRIPT FLUSH",
                "SCRIPT KILL",
                "SCRIPT LOAD return",
                "FUNCTION LIST",
                "ACL LIST",
                "ACL SETUSER default on nopass",
                "INFO",
                "SLOWLOG GET",
                "MEMORY USAGE sess:x",
                "OBJECT FREQ sess:x",
                "DUMP sess:x",
                "RENAME sess:x sess:y",
                "COPY sess:x sess:y",
                "PERSIST sess:x",
                "PSUBSCRIBE *",
                "SUBSCRIBE __keyspace@0__:sess:x",
                "PUBSUB CHANNELS",
                "REPLICAOF NO ONE",
                "SHUTDOWN",
                "MULTI",
                "SELECT 1",
            })
    @DisplayName("A8 F43 what shows or changes what is not theirs is refused to services and guests")
    void refused(String command) {
        for (String user : List.of("users-service", "projects-service", "guest-express")) {
            try (Jedis redis = as(user)) {
                // In containers nobody has DEBUG, and Redis says so before it looks at rights.
                assertThatThrownBy(() -> send(redis, command.split(" ")))
                        .as(user + ": " + command)
                        .isInstanceOf(JedisDataException.class)
                        .hasMessageMatching("NOPERM .*|ERR DEBUG command not allowed.*");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "guest-express, '{sess:x}:sso'",
        "guest-express, '{sess:x}:refresh'",
        "guest-express, idx:users",
        "guest-express, ended-sid:x",
        "guest-express, leases",
        "guest-express, jti:x",
        "guest-express, projects:x",
        "users-service, projects:x",
        "users-service, notes:x",
        "users-service, '{sess:x}:other'",
        "projects-service, users:x",
        "projects-service, notes:x",
    })
    @DisplayName("A8 F43 keys of others are out of reach, in a script as well")
    void keysOfOthers(String user, String key) {
        try (Jedis redis = as(user)) {
            assertNoPermission(user + " GET " + key, () -> send(redis, "GET", key));
            assertNoPermission(user + " SET " + key, () -> send(redis, "SET", key, "x"));
            assertThatThrownBy(() -> send(redis, "EVAL", "return redis.call('GET', '" + key + "')", "0"))
                    .isInstanceOf(JedisDataException.class)
                    .hasMessageMatching("(?s).*(NOPERM|permission|can't access).*");
        }
    }

    @Test
    @DisplayName("A8 F43 a script runs no command that its caller may not, and channels of others are deaf and mute")
    void scriptsAndChannels() {
        try (Jedis users = as("users-service");
                Jedis guest = as("guest-express")) {
            for (String command : List.of("'KEYS', '*'", "'SCAN', '0'", "'CONFIG', 'GET', '*'", "'FLUSHALL'")) {
                assertThatThrownBy(() -> send(users, "EVAL", "return redis.call(" + command + ")", "0"))
                        .isInstanceOf(JedisDataException.class)
                        .hasMessageMatching("(?s).*(NOPERM|permission|can't run|not allowed).*");
            }
            assertNoPermission("another's channel", () -> send(users, "PUBLISH", "projects-changes", "x"));
            assertNoPermission("another's channel", () -> send(users, "SUBSCRIBE", "projects-changes"));
            assertNoPermission("a guest speaks", () -> send(guest, "PUBLISH", "session-events", "x"));
            assertNoPermission("a guest listens", () -> send(guest, "SUBSCRIBE", "session-events"));
        }
    }

    private static void assertNoPermission(String what, org.assertj.core.api.ThrowableAssert.ThrowingCallable command) {
        assertThatThrownBy(command)
                .as(what)
                .isInstanceOf(JedisDataException.class)
                .hasMessageContaining("NOPERM");
    }

    private Jedis as(String user) {
        return as(
                user,
                user.equals("guest-express")
                        ? stack.secrets().redisGuestPassword()
                        : stack.secrets().redisPassword(user.replace("-service", "")));
    }

    private Jedis as(String user, String password) {
        return new Jedis(
                new HostAndPort("127.0.0.1", stack.redisPort()),
                DefaultJedisClientConfig.builder().user(user).password(password).build());
    }

    private static Object send(Jedis redis, String... words) {
        return redis.sendCommand(
                () -> words[0].getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(words, 1, words.length));
    }

    private static String text(Object answer) {
        return new String((byte[]) answer, StandardCharsets.UTF_8);
    }
}
