package org.acme.session.internal.store;

import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Response;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;
import org.acme.session.contract.ScriptCall;
import org.acme.session.internal.config.SsoConfig;
import org.acme.session.testing.Pauses;

/** Asks the real Redis, with pauses. Selected by a test's profile only. */
@Alternative
@Singleton
public class PausingGateway extends RedisGateway {

    private final Pauses pauses;

    PausingGateway(Redis redis, StoreMetrics metrics, SsoConfig config, Pauses pauses) {
        super(redis, metrics, config, 6);
        this.pauses = pauses;
    }

    @Override
    Uni<Response> run(ScriptCall call) {
        return pauses.step(call.script().name(), String.join(" ", call.keys()), super.run(call));
    }

    @Override
    Uni<Response> send(Command command, String... arguments) {
        return pauses.step(command.toString(), String.join(" ", arguments), super.send(command, arguments));
    }
}
