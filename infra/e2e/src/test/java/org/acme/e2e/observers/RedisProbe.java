package org.acme.e2e.observers;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.params.RestoreParams;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/** Redis as it really is, seen by the one user who may see everything, and written to as guests and accidents do. */
public final class RedisProbe implements AutoCloseable {

    private static final int SCAN_STEP = 500;

    private final HostAndPort address;
    private final JedisClientConfig administrator;
    private Jedis connection;

    public RedisProbe(int port, String password) {
        address = new HostAndPort("127.0.0.1", port);
        administrator = DefaultJedisClientConfig.builder()
                .user("tests")
                .password(password)
                .build();
    }

    /** Express' part of a session, as JSON text. */
    public Optional<String> json(String sessionId) {
        return Optional.ofNullable(redis().get(expressKey(sessionId)));
    }

    /** Our part of a session; empty when there is none. */
    public Map<String, String> record(String sessionId) {
        return redis().hgetAll(recordKey(sessionId));
    }

    public void setField(String sessionId, String field, String value) {
        redis().hset(recordKey(sessionId), field, value);
    }

    /** As an accident leaves a field of any hash; it returns what puts it back. */
    public Runnable damaged(String key, String field, String value) {
        String before = redis().hget(key, field);
        redis().hset(key, field, value);
        return () -> redis().hset(key, field, before);
    }

    /** Any command, as an administrator types it. */
    public void tell(String... words) {
        redis().sendCommand(
                        () -> words[0].getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(words, 1, words.length));
    }

    public void forget(String key) {
        redis().del(key);
    }

    /** As if nobody had used the session for most of the time that it may idle. */
    public void endsIn(String sessionId, Duration left) {
        redis().pexpire(expressKey(sessionId), left.toMillis());
    }

    public Duration timeLeft(String sessionId) {
        return Duration.ofMillis(Math.max(0, redis().pttl(expressKey(sessionId))));
    }

    public boolean exists(String key) {
        return redis().exists(key);
    }

    public static String expressKey(String sessionId) {
        return "sess:" + sessionId;
    }

    public static String recordKey(String sessionId) {
        return "{sess:" + sessionId + "}:sso";
    }

    /** Writes Express' part as stock connect-redis does, as the user that guests have. */
    public void setAsGuest(String guestPassword, String sessionId, String json) {
        JedisClientConfig guest = DefaultJedisClientConfig.builder()
                .user("guest-express")
                .password(guestPassword)
                .build();
        try (Jedis express = new Jedis(address, guest)) {
            express.set(expressKey(sessionId), json, SetParams.setParams().ex(86_400));
        }
    }

    /**
     * What a stock Express service with Passport leaves there when somebody has signed in at it, for an hour.
     *
     * @param subject of that issuer; called by the same name
     * @param roles JSON text of a list of strings
     */
    public static String expressJson(String issuer, String subject, String roles) {
        return ("{\"cookie\":{\"originalMaxAge\":null,\"expires\":null,\"httpOnly\":true,\"path\":\"/\"},\"passport\":{\"user\":"
                        + "{\"issuer\":\"%s\",\"subject\":\"%s\",\"name\":\"%2$s\",\"roles\":%s}},\"sso\":{\"until\":%d}}")
                .formatted(
                        issuer, subject, roles, Instant.now().plusSeconds(3600).toEpochMilli());
    }

    /** Both keys of a session as they are now; running it puts them back, as a replica does that missed what came after. */
    public Runnable remembered(String sessionId) {
        Map<String, byte[]> dumps = new TreeMap<>();
        Map<String, Long> ends = new TreeMap<>();
        for (String key : List.of(expressKey(sessionId), recordKey(sessionId))) {
            dumps.put(key, redis().dump(key));
            ends.put(key, redis().pexpireTime(key));
        }
        return () -> dumps.forEach((key, dump) -> redis().restore(
                        key,
                        ends.get(key),
                        dump,
                        RestoreParams.restoreParams().replace().absTtl()));
    }

    /** Every key that matches, found by scanning. */
    public Set<String> keys(String pattern) {
        Set<String> found = new TreeSet<>();
        String cursor = ScanParams.SCAN_POINTER_START;
        do {
            ScanResult<String> step =
                    redis().scan(cursor, new ScanParams().match(pattern).count(SCAN_STEP));
            found.addAll(step.getResult());
            cursor = step.getCursor();
        } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
        return found;
    }

    /** Every key that belongs to sessions: all but the services' own data and the instances' leases. */
    public Set<String> sessionKeys() {
        Set<String> keys = keys("*");
        keys.removeIf(key -> key.startsWith("projects:") || key.startsWith("users:") || key.contains("lease"));
        return keys;
    }

    /** Keys without a time to live, all services' own data left out. */
    public Set<String> keysWithoutEnd() {
        Set<String> keys = keys("*");
        keys.removeIf(key -> key.startsWith("projects:") || redis().ttl(key) != -1);
        return keys;
    }

    /**
     * Returns when everything written so far is on disk. A write that is answered under "always" has been synced, and
     * with it all that stands before it in the append-only file.
     */
    public void sync() {
        String usual = redis().configGet("appendfsync").get("appendfsync");
        redis().configSet("appendfsync", "always");
        try {
            redis().set("users:synced", "yes", SetParams.setParams().ex(60));
        } finally {
            redis().configSet("appendfsync", usual);
        }
    }

    /** How often Redis has run each command so far, by its own count. */
    public Map<String, Long> commandCounts() {
        Map<String, Long> counts = new TreeMap<>();
        for (String line : redis().info("commandstats").split("\r?\n")) {
            if (line.startsWith("cmdstat_")) {
                String command = line.substring("cmdstat_".length(), line.indexOf(':'));
                String calls = line.replaceFirst("[^:]*:calls=(\\d+),.*", "$1");
                counts.put(command, Long.parseLong(calls));
            }
        }
        return counts;
    }

    /** How often Redis was asked for a value by a command that reading a session needs and a lease does not. */
    public long reads() {
        Map<String, Long> counts = commandCounts();
        return Stream.of("get", "hget", "hmget", "hgetall")
                .mapToLong(command -> counts.getOrDefault(command, 0L))
                .sum();
    }

    /** How many instances may trust their memory now. */
    public long leases() {
        return redis().zrangeByScore("leases", System.currentTimeMillis(), Double.POSITIVE_INFINITY).stream()
                .filter(instance -> !instance.startsWith("!"))
                .count();
    }

    /** Watches every command that Redis receives from now on. */
    public RedisWatch watch() {
        return RedisWatch.start(new Jedis(address, administrator), () -> new Jedis(address, administrator));
    }

    /** The lines of one watch in which Redis was asked about a session, whichever and by whomever. */
    public static List<String> aboutSessions(List<String> commands) {
        return commands.stream()
                .filter(line -> line.contains("sess:") || line.contains("idx:") || line.contains("ended-sid:"))
                .toList();
    }

    private synchronized Jedis redis() {
        if (connection == null || !answers(connection)) {
            close();
            connection = new Jedis(address, administrator);
        }
        return connection;
    }

    private static boolean answers(Jedis connection) {
        try {
            return "PONG".equals(connection.ping());
        } catch (RuntimeException gone) {
            return false; // Redis was stopped meanwhile
        }
    }

    @Override
    public synchronized void close() {
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }
}
