package org.acme.session.internal.store;

import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.acme.session.SessionEndedException;
import org.acme.session.SessionUnavailableException;
import org.acme.session.contract.Attributes;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.Keys;
import org.acme.session.contract.ScriptCall;
import org.acme.session.contract.SessionId;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** One service's attributes: one field of the record, replaced only if nobody else has written meanwhile. */
@Singleton
public class AttributeStore {

    /** With the pauses between: about three seconds of a crowd that writes the same session. */
    private static final int TRIES = 60;

    /** So that a crowd does not try in step. */
    private static final int LONGEST_PAUSE_MILLIS = 100;

    private final RedisGateway redis;
    private final String field;

    AttributeStore(RedisGateway redis, @ConfigProperty(name = "quarkus.application.name") String service) {
        this.redis = redis;
        this.field = Attributes.field(service);
    }

    public Uni<Map<String, String>> read(SessionId id) {
        return stored(id)
                .onFailure(DamagedRecordException.class)
                .recoverWithItem("")
                .map(Attributes::read);
    }

    /**
     * Changes the attributes. The change may be asked for again with newer attributes, if another request of this
     * service wrote at the same time.
     */
    public Uni<Void> change(SessionId id, Consumer<Map<String, String>> change) {
        return change(id, change, TRIES);
    }

    private Uni<Void> change(SessionId id, Consumer<Map<String, String>> change, int triesLeft) {
        if (triesLeft == 0) {
            return Uni.createFrom()
                    .failure(new SessionUnavailableException(
                            "Other requests keep changing the attributes of " + id, null));
        }
        return tryToChange(id, change)
                .onFailure(DamagedRecordException.class)
                .transform(damaged -> new SessionEndedException("The record is damaged: " + id))
                .chain(done -> done
                        ? Uni.createFrom().voidItem()
                        : afterAPause(triesLeft).chain(() -> change(id, change, triesLeft - 1)));
    }

    /** Any time up to a limit that grows ("full jitter"): most of a crowd come through within a few milliseconds. */
    private static Uni<Void> afterAPause(int triesLeft) {
        int longest = Math.min(LONGEST_PAUSE_MILLIS, 2 * (TRIES - triesLeft + 1));
        int pause = 1 + ThreadLocalRandom.current().nextInt(longest);
        Context asking = Vertx.currentContext();
        return asking == null
                ? Uni.createFrom().voidItem().onItem().delayIt().by(Duration.ofMillis(pause))
                : Uni.createFrom().emitter(emitter -> asking.owner().setTimer(pause, over -> emitter.complete(null)));
    }

    private Uni<Boolean> tryToChange(SessionId id, Consumer<Map<String, String>> change) {
        return stored(id).chain(before -> {
            Map<String, String> attributes = Attributes.read(before);
            change.accept(attributes);
            return redis.run(ScriptCall.writeAttributes(id, field, before, Attributes.write(attributes)))
                    .map(answer -> {
                        if (answer.toInteger() < 0) {
                            throw new SessionEndedException("The session has ended: " + id);
                        }
                        return answer.toInteger() == 1;
                    });
        });
    }

    private Uni<String> stored(SessionId id) {
        return redis.send(Command.HGET, Keys.record(id), field).map(value -> value == null ? "" : value.toString());
    }
}
