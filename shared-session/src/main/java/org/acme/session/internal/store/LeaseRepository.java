package org.acme.session.internal.store;

import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.acme.session.contract.Keys;
import org.acme.session.contract.ScriptCall;

/** Which instances may trust their cache, as Redis knows it. */
@Singleton
public class LeaseRepository {

    private final RedisGateway redis;

    LeaseRepository(RedisGateway redis) {
        this.redis = redis;
    }

    /**
     * Gives an instance a lease from now on.
     *
     * @param holding whether the instance believes that it holds one
     * @return false when it believes so and is wrong: what it caches may be stale; or when a lease that was taken from
     *     it has not run out yet
     */
    public Uni<Boolean> renew(String instance, Duration length, boolean holding) {
        return redis.run(ScriptCall.renewLease(instance, length, holding)).map(answer -> answer.toInteger() == 1);
    }

    /** Gives a lease back: its instance has stopped trusting its cache, and no sign-off need wait for it. */
    public Uni<Void> release(String instance) {
        return redis.send(Command.ZREM, Keys.LEASES, instance).replaceWithVoid();
    }

    /** Asks nothing, over a connection that stays open for it. */
    public Uni<Void> ping() {
        return redis.send(Command.PING).replaceWithVoid();
    }

    /** The instances that may trust their cache now. */
    public Uni<Set<String>> holders() {
        return redis.run(ScriptCall.leaseHolders()).map(names -> StreamSupport.stream(names.spliterator(), false)
                .map(Response::toString)
                .collect(Collectors.toUnmodifiableSet()));
    }

    /**
     * The leases as people see them: what is left of each, by the name of its instance. One that was taken, and has not run out,
     * has the name with {@code !} before it.
     */
    public Uni<Map<String, Duration>> table() {
        return redis.send(Command.TIME).chain(time -> redis.send(Command.ZRANGE, Keys.LEASES, "0", "-1", "WITHSCORES")
                .map(entries -> table(time.get(0).toLong() * 1000 + time.get(1).toLong() / 1000, entries)));
    }

    /** Pairs in pairs, as RESP3 has them, or one after the other. */
    private static Map<String, Duration> table(long now, Response entries) {
        List<Response> flat = new ArrayList<>();
        entries.forEach(entry -> {
            if (entry.type() == ResponseType.MULTI) {
                entry.forEach(flat::add);
            } else {
                flat.add(entry);
            }
        });
        Map<String, Duration> table = new LinkedHashMap<>();
        for (int i = 0; i + 1 < flat.size(); i += 2) {
            long left = (long) flat.get(i + 1).toDouble().doubleValue() - now;
            if (left > 0) {
                table.put(flat.get(i).toString(), Duration.ofMillis(left));
            }
        }
        return table;
    }

    /** Keeps instances from renewing their leases; the result says when the last of these has run out. */
    public Uni<Duration> revoke(Set<String> instances) {
        return redis.run(ScriptCall.revokeLeases(instances)).map(LeaseRepository::left);
    }

    /** The same for what a fail-over may forget: no replica is waited for. */
    public Uni<Duration> revokeAtMaster(Set<String> instances) {
        return redis.runAtMaster(ScriptCall.revokeLeases(instances)).map(LeaseRepository::left);
    }

    private static Duration left(Response millis) {
        return Duration.ofMillis(millis.toLong());
    }
}
