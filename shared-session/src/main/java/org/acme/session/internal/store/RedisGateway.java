package org.acme.session.internal.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import io.vertx.redis.client.impl.types.ErrorType;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.Script;
import org.acme.session.contract.ScriptCall;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.log.RateLimitedLog;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Asks Redis, with a limit of time. Whatever keeps it from answering (gone, busy, slow, loading, read-only, out of
 * memory) is one thing to callers: {@link SessionUnavailableException}. "Not there" is an answer, "cannot tell" is not.
 */
@Singleton
class RedisGateway {

    private final Redis redis;
    private final int connections;
    private final StaleConnectionProbe probe;
    private final ReplicatedWrites replicated;
    private final Duration timeLimit;
    private final StoreMetrics metrics;
    private final Set<Script> loaded = ConcurrentHashMap.newKeySet();
    private final RateLimitedLog outage = new RateLimitedLog(RedisGateway.class);

    RedisGateway(
            Redis redis,
            StoreMetrics metrics,
            SsoConfig config,
            @ConfigProperty(name = "quarkus.redis.max-pool-size") int connections) {
        this.redis = redis;
        this.connections = connections;
        this.probe = new StaleConnectionProbe(redis, connections);
        this.metrics = metrics;
        this.timeLimit = config.store().timeout();
        this.replicated = new ReplicatedWrites(redis, config.store().replicas(), timeLimit.dividedBy(2));
    }

    /**
     * Sends a script's text once, and runs it by its digest from then on, until a Redis does not know it. A read whose
     * connection turns out to be dead is sent again, in case all of them are; what writes is not, for it may have been done.
     * A Redis that is no master has done nothing, so each script is sent again, once, over a new connection.
     */
    Uni<Response> run(ScriptCall call) {
        return run(call, replicated.include(call.script()));
    }

    /** The same for what a fail-over may forget: no replica is waited for. */
    Uni<Response> runAtMaster(ScriptCall call) {
        return run(call, false);
    }

    private Uni<Response> run(ScriptCall call, boolean lasting) {
        return answer(
                call.script().fileName(),
                () -> askingMaster(() -> lasting
                        ? evaluateAtReplicas(call)
                        : evaluate(call, call.script() == Script.READ ? connections : 0)));
    }

    private Future<Response> askingMaster(Supplier<Future<Response>> question) {
        return question.get().recover(failure -> {
            if (!RedisFailures.isNotTheMaster(failure)) {
                return Future.failedFuture(failure);
            }
            probe.notTheMaster();
            return question.get();
        });
    }

    private Future<Response> evaluate(ScriptCall call, int again) {
        return evaluateHere(call).recover(failure -> {
            if (again == 0 || !RedisFailures.isDeadConnection(failure)) {
                return Future.failedFuture(failure);
            }
            probe.afterTrouble();
            return evaluate(call, again - 1);
        });
    }

    private Future<Response> evaluateAtReplicas(ScriptCall call) {
        return replicated.run(call).recover(failure -> elsewhere(call, failure));
    }

    /** A batch follows no slot to another node of a Redis Cluster. A single command does, and the next batch knows. */
    private Future<Response> elsewhere(ScriptCall call, Throwable failure) {
        return RedisFailures.isElsewhere(failure)
                ? evaluateHere(call).compose(answer -> replicated.run(call).map(answer))
                : Future.failedFuture(failure);
    }

    private Future<Response> evaluateHere(ScriptCall call) {
        return loaded.contains(call.script())
                ? redis.send(request(Command.EVALSHA, call.script().sha1(), call))
                        .recover(failure ->
                                RedisFailures.isUnknownScript(failure) ? load(call) : Future.failedFuture(failure))
                : load(call);
    }

    private Future<Response> load(ScriptCall call) {
        return redis.send(request(Command.EVAL, call.script().source(), call))
                .onSuccess(answer -> loaded.add(call.script()));
    }

    /** Sends one command. */
    Uni<Response> send(Command command, String... arguments) {
        Request request = Request.cmd(command);
        for (String argument : arguments) {
            request.arg(argument);
        }
        return answer(name(command), () -> askingMaster(() -> redis.send(request)));
    }

    /** Asked anew for each subscriber. One step for Mutiny, which carries contexts through each: every request comes here. */
    private Uni<Response> answer(String name, Supplier<Future<Response>> question) {
        return Uni.createFrom().emitter(emitter -> {
            long askedAt = System.nanoTime();
            Context asking = Vertx.currentContext();
            inTime(asked(question))
                    .onComplete(
                            response -> {
                                metrics.answered(name, System.nanoTime() - askedAt);
                                inTurn(asking, () -> emitter.complete(response));
                                // Last: nothing that goes wrong with it may keep this answer.
                                probe.answered();
                            },
                            failure -> emitter.fail(failed(failure)));
        });
    }

    /**
     * What follows an answer comes after all answers that are there already: their questions have been answered in time,
     * however long this instance takes over the first of a crowd, and the connections are free for the next ones.
     */
    private static void inTurn(Context asking, Runnable next) {
        if (asking == null) {
            next.run();
        } else {
            asking.runOnContext(ignored -> next.run());
        }
    }

    private static Future<Response> asked(Supplier<Future<Response>> question) {
        try {
            return question.get();
        } catch (RuntimeException cannotAsk) {
            return Future.failedFuture(cannotAsk);
        }
    }

    /**
     * In two steps, timed by the event loop that asks: one that stood still, or has just started and is busy with itself,
     * reads what came meanwhile before it calls Redis silent.
     */
    private Future<Response> inTime(Future<Response> answer) {
        long lastLook = timeLimit.toMillis() / 10;
        return answer.timeout(timeLimit.toMillis() - lastLook, TimeUnit.MILLISECONDS)
                .recover(late -> answer.timeout(lastLook, TimeUnit.MILLISECONDS));
    }

    private Throwable failed(Throwable failure) {
        StoreMetrics.Failure kind = kind(failure);
        metrics.failed(kind);
        if (kind == StoreMetrics.Failure.UNREACHABLE || kind == StoreMetrics.Failure.TIME_OUT) {
            probe.afterTrouble();
        }
        return kind == StoreMetrics.Failure.DAMAGED
                ? new DamagedRecordException("a key or field is not what it should be")
                : unavailable(failure);
    }

    private static StoreMetrics.Failure kind(Throwable failure) {
        if (failure instanceof ErrorType && !RedisFailures.isDeadConnection(failure)) {
            return RedisFailures.isAboutTheData(failure) ? StoreMetrics.Failure.DAMAGED : StoreMetrics.Failure.REFUSED;
        }
        if (failure instanceof TimeoutException) {
            return StoreMetrics.Failure.TIME_OUT;
        }
        if (failure instanceof ReplicatedWrites.NotReplicatedException) {
            return StoreMetrics.Failure.NOT_REPLICATED;
        }
        return failure instanceof ConnectionPoolTooBusyException
                ? StoreMetrics.Failure.BUSY
                : StoreMetrics.Failure.UNREACHABLE;
    }

    private static String name(Command command) {
        return command.toString().toLowerCase(Locale.ROOT);
    }

    static Request request(Command command, String script, ScriptCall call) {
        Request request = Request.cmd(command).arg(script).arg(call.keys().size());
        call.keys().forEach(request::arg);
        call.arguments().forEach(request::arg);
        return request;
    }

    /** An answer of several parts, with texts for what Redis sends as bytes. */
    static List<Object> list(Response answer) {
        List<Object> parts = new ArrayList<>(answer.size());
        for (Response part : answer) {
            parts.add(part != null && part.type() == ResponseType.MULTI ? list(part) : Objects.toString(part, null));
        }
        return parts;
    }

    private Throwable unavailable(Throwable failure) {
        String what = failure instanceof TimeoutException ? "Redis did not answer in time" : "Redis could not be asked";
        outage.warn("%s: %s. Requests that need a session get 503", what, failure.toString());
        return new SessionUnavailableException(what, failure);
    }
}
