package org.acme.e2e.observers;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.JedisCluster;
import redis.clients.jedis.JedisPooled;
import redis.clients.jedis.JedisSentineled;
import redis.clients.jedis.UnifiedJedis;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.params.RestoreParams;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.params.SetParams;
import redis.clients.jedis.resps.ScanResult;

/** Redis as it really is, seen by the one user who may see everything, and written to as guests and accidents do. */
public final class RedisProbe implements AutoCloseable {

    private static final int SCAN_STEP = 500;
    private static final String MASTER_NAME = "sessions";

    private final List<HostAndPort> servers;
    private final JedisClientConfig administrator;
    private final Function<JedisClientConfig, UnifiedJedis> login;
    private final UnifiedJedis redis;

    private RedisProbe(
            List<HostAndPort> servers,
            JedisClientConfig administrator,
            Function<JedisClientConfig, UnifiedJedis> login) {
        this.servers = servers;
        this.administrator = administrator;
        this.login = login;
        redis = login.apply(administrator);
    }

    /**
     * @param topology as {@code infra/up --redis} knows it
     * @param port of the first server; the others have the next ones, Sentinels those from the sixth on
     * @param password of the user {@code tests}, also at Sentinels
     */
    public static RedisProbe of(String topology, int port, String password) {
        JedisClientConfig administrator = as("tests", password);
        ConnectionPoolConfig pool = new ConnectionPoolConfig();
        pool.setTestOnBorrow(true); // Redis may have been stopped meanwhile
        return switch (topology) {
            case "single" -> {
                List<HostAndPort> server = from(port, 1);
                yield new RedisProbe(server, administrator, user -> new JedisPooled(server.get(0), user, pool));
            }
            case "sentinel" -> {
                Set<HostAndPort> sentinels = Set.copyOf(from(port + 6, 3));
                yield new RedisProbe(
                        from(port, 3),
                        administrator,
                        user -> new JedisSentineled(MASTER_NAME, user, pool, sentinels, administrator));
            }
            case "cluster" -> {
                List<HostAndPort> nodes = from(port, 6);
                yield new RedisProbe(nodes, administrator, user -> new JedisCluster(Set.copyOf(nodes), user, pool));
            }
            default ->
                throw new IllegalArgumentException("-De2e.redis knows: single, sentinel, cluster; not " + topology);
        };
    }

    private static JedisClientConfig as(String user, String password) {
        return DefaultJedisClientConfig.builder().user(user).password(password).build();
    }

    private static List<HostAndPort> from(int port, int number) {
        return IntStream.range(port, port + number)
                .mapToObj(each -> new HostAndPort("127.0.0.1", each))
                .toList();
    }

    /** Express' part of a session, as JSON text. */
    public Optional<String> json(String sessionId) {
        return Optional.ofNullable(redis.get(expressKey(sessionId)));
    }

    /** Our part of a session; empty when there is none. */
    public Map<String, String> record(String sessionId) {
        return redis.hgetAll(recordKey(sessionId));
    }

    public void setField(String sessionId, String field, String value) {
        redis.hset(recordKey(sessionId), field, value);
    }

    /** As an accident leaves a field of any hash; it returns what puts it back. */
    public Runnable damaged(String key, String field, String value) {
        String before = redis.hget(key, field);
        redis.hset(key, field, value);
        return () -> redis.hset(key, field, before);
    }

    /** Any command, as an administrator types it, to every server that leads. */
    public void tell(String... words) {
        masters(master -> master.sendCommand(
                () -> words[0].getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(words, 1, words.length)));
    }

    /** Any command about a key, to the server that has it. */
    public void tellAbout(String key, String... words) {
        redis.sendCommand(
                key, () -> words[0].getBytes(StandardCharsets.UTF_8), Arrays.copyOfRange(words, 1, words.length));
    }

    private <T> List<T> masters(Function<Jedis, T> asked) {
        return leaders().stream()
                .map(server -> {
                    try (Jedis connection = new Jedis(server, administrator)) {
                        return asked.apply(connection);
                    }
                })
                .toList();
    }

    public void forget(String key) {
        redis.del(key);
    }

    /** As if nobody had used the session for most of the time that it may idle. */
    public void endsIn(String sessionId, Duration left) {
        redis.pexpire(expressKey(sessionId), left.toMillis());
    }

    public Duration timeLeft(String sessionId) {
        return Duration.ofMillis(Math.max(0, redis.pttl(expressKey(sessionId))));
    }

    public boolean exists(String key) {
        return redis.exists(key);
    }

    public static String expressKey(String sessionId) {
        return "sess:" + sessionId;
    }

    public static String recordKey(String sessionId) {
        return "{sess:" + sessionId + "}:sso";
    }

    /** Writes Express' part as stock connect-redis does, as the user that guests have. */
    public void setAsGuest(String guestPassword, String sessionId, String json) {
        try (UnifiedJedis express = login.apply(as("guest-express", guestPassword))) {
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
            dumps.put(key, redis.dump(key));
            ends.put(key, redis.pexpireTime(key));
        }
        return () -> dumps.forEach((key, dump) -> redis.restore(
                key,
                ends.get(key),
                dump,
                RestoreParams.restoreParams().replace().absTtl()));
    }

    /** Every key that matches, found by scanning. */
    public Set<String> keys(String pattern) {
        Set<String> found = new TreeSet<>();
        masters(master -> {
            String cursor = ScanParams.SCAN_POINTER_START;
            do {
                ScanResult<String> step =
                        master.scan(cursor, new ScanParams().match(pattern).count(SCAN_STEP));
                found.addAll(step.getResult());
                cursor = step.getCursor();
            } while (!cursor.equals(ScanParams.SCAN_POINTER_START));
            return found.size();
        });
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
        keys.removeIf(key -> key.startsWith("projects:") || redis.ttl(key) != -1);
        return keys;
    }

    /**
     * Returns when everything written so far is on disk. A write that is answered under "always" has been synced, and
     * with it all that stands before it in the append-only file.
     */
    public void sync() {
        tell("CONFIG", "SET", "appendfsync", "always");
        try {
            masters(RedisProbe::writeAnything);
        } finally {
            tell("CONFIG", "SET", "appendfsync", "everysec");
        }
    }

    /** A node of a cluster takes the keys of its own slots only. */
    private static String writeAnything(Jedis master) {
        for (int i = 0; ; i++) {
            try {
                return master.set(
                        "users:synced:" + i, "yes", SetParams.setParams().ex(60));
            } catch (JedisMovedDataException elsewhere) {
                // the next key
            }
        }
    }

    /** How often Redis has run each command so far, by its own count. */
    public Map<String, Long> commandCounts() {
        Map<String, Long> counts = new TreeMap<>();
        masters(master -> master.info("commandstats")).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("cmdstat_"))
                .forEach(line -> {
                    String command = line.substring("cmdstat_".length(), line.indexOf(':'));
                    String calls = line.replaceFirst("[^:]*:calls=(\\d+),.*", "$1");
                    counts.merge(command, Long.parseLong(calls), Long::sum);
                });
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
        return redis.zrangeByScore("leases", System.currentTimeMillis(), Double.POSITIVE_INFINITY).stream()
                .filter(instance -> !instance.startsWith("!"))
                .count();
    }

    /** Watches every command that the one server which leads receives from now on; where several lead, the test is skipped. */
    public RedisWatch watch() {
        HostAndPort server = leader();
        return RedisWatch.start(new Jedis(server, administrator), () -> new Jedis(server, administrator));
    }

    /** The one server that leads; where several do, the test is skipped. */
    public HostAndPort leader() {
        List<HostAndPort> leaders = leaders();
        assumeTrue(leaders.size() == 1, "this is about one Redis server that leads");
        return leaders.get(0);
    }

    /** The servers that lead; the only one also while a test has made a replica of it. */
    public List<HostAndPort> leaders() {
        return servers.size() == 1
                ? servers
                : servers.stream().filter(this::leads).toList();
    }

    private boolean leads(HostAndPort server) {
        try (Jedis connection = new Jedis(server, administrator)) {
            return connection.role().get(0).equals("master");
        } catch (JedisConnectionException gone) {
            return false;
        }
    }

    /** The lines of one watch in which Redis was asked about a session, whichever and by whomever. */
    public static List<String> aboutSessions(List<String> commands) {
        return commands.stream()
                .filter(line -> line.contains("sess:") || line.contains("idx:") || line.contains("ended-sid:"))
                .toList();
    }

    @Override
    public void close() {
        redis.close();
    }
}
