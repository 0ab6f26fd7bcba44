package org.acme.session.internal.store;

import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import jakarta.inject.Singleton;
import java.time.Duration;
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
     * @return false when it believes so and is wrong: what it remembers may be stale; or when a lease that was taken from
     *     it has not run out yet
     */
    public Uni<Boolean> renew(String instance, Duration length, boolean holding) {
        return redis.run(ScriptCall.renewLease(instance, length, holding)).map(answer -> answer.toInteger() == 1);
    }

    /** Gives a lease back: its instance has stopped trusting its cache, and no sign-off need wait for it. */
    public Uni<Void> release(String instance) {
        return redis.send(Command.ZREM, Keys.LEASES, instance).replaceWithVoid();
    }

    /** The instances that may trust their cache now. */
    public Uni<Set<String>> holders() {
        return redis.run(ScriptCall.leaseHolders()).map(names -> StreamSupport.stream(names.spliterator(), false)
                .map(Response::toString)
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** Keeps instances from renewing their leases; the result says when the last of these has run out. */
    public Uni<Duration> revoke(Set<String> instances) {
        return redis.run(ScriptCall.revokeLeases(instances)).map(answer -> Duration.ofMillis(answer.toLong()));
    }
}
