package org.acme.session.internal.store;

import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.acme.session.contract.Keys;
import org.acme.session.contract.ScriptCall;
import org.acme.session.contract.SessionId;
import org.acme.session.internal.config.SsoConfig;

/** Lets one instance of the whole fleet refresh a session's tokens. Free again soon after its holder died. */
@Singleton
public class RefreshLock {

    private final RedisGateway redis;
    private final Duration length;

    RefreshLock(RedisGateway redis, SsoConfig config) {
        this.redis = redis;
        this.length = config.refresh().lockTtl();
    }

    /** How often a holder at work extends it. */
    public Duration extendEvery() {
        return length.dividedBy(3);
    }

    /** @param holder a name that nobody else uses */
    public Uni<Boolean> tryAcquire(SessionId id, String holder) {
        return redis.send(Command.SET, Keys.refreshLock(id), holder, "NX", "PX", Long.toString(length.toMillis()))
                .map(answer -> answer != null);
    }

    public Uni<Void> extend(SessionId id, String holder) {
        return redis.run(ScriptCall.extendLock(id, holder, length)).replaceWithVoid();
    }

    public Uni<Void> release(SessionId id, String holder) {
        return redis.run(ScriptCall.releaseLock(id, holder)).replaceWithVoid();
    }
}
