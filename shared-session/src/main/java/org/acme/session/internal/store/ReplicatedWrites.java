package org.acme.session.internal.store;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.acme.session.contract.Script;
import org.acme.session.contract.ScriptCall;

/** What must not be forgotten by a fail-over is done when so many replicas have it. */
final class ReplicatedWrites {

    private static final Set<Script> LASTING = EnumSet.of(Script.END, Script.MARK_ENDED, Script.LEASE_REVOKE);

    private final Redis redis;
    private final int replicas;
    private final Duration timeout;

    /**
     * @param replicas 0: what the master has is done
     * @param timeout how long replicas may take; it keeps a connection
     */
    ReplicatedWrites(Redis redis, int replicas, Duration timeout) {
        this.redis = redis;
        this.replicas = replicas;
        this.timeout = timeout;
    }

    /** Done at the master, and too few replicas have confirmed it. */
    static final class NotReplicatedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        NotReplicatedException(long confirmed, int wanted) {
            super(confirmed + " of " + wanted + " replicas have confirmed", null, false, false);
        }
    }

    boolean include(Script script) {
        return replicas > 0 && LASTING.contains(script);
    }

    /**
     * Fails with {@link NotReplicatedException} when too few replicas confirm. {@code WAIT} is about what its own connection
     * has written: hence a batch, and hence these scripts write even when they change nothing, so that asking again waits for
     * what was written before. A batch cannot send a text that a Redis turns out not to know, so it brings it.
     */
    Future<Response> run(ScriptCall call) {
        Request script = RedisGateway.request(Command.EVAL, call.script().source(), call);
        Request wait = Request.cmd(Command.WAIT).arg(replicas).arg(timeout.toMillis());
        return redis.batch(List.of(script, wait)).compose(replies -> {
            long confirmed = replies.get(1).toLong();
            return confirmed >= replicas
                    ? Future.succeededFuture(replies.get(0))
                    : Future.failedFuture(new NotReplicatedException(confirmed, replicas));
        });
    }
}
