package org.acme.session.internal.store;

import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.acme.session.contract.Keys;
import org.acme.session.contract.SessionRecord;

/**
 * That a provider wants a session's user to sign in again, noted for the whole fleet and for a minute: until then nobody asks it
 * about these tokens. After that somebody does, for what was wrong may have been put right: a client's secret, say.
 */
@Singleton
public class RefreshNotes {

    private static final Duration COUNTS_FOR = Duration.ofMinutes(1);

    private final RedisGateway redis;

    RefreshNotes(RedisGateway redis) {
        this.redis = redis;
    }

    public Uni<Void> wantSignIn(SessionRecord session) {
        return redis.send(
                        Command.SET,
                        Keys.signInWanted(session.id()),
                        Long.toString(session.tokensRev()),
                        "PX",
                        Long.toString(COUNTS_FOR.toMillis()))
                .replaceWithVoid();
    }

    /** Whether its provider wants that, of the tokens that it has. */
    public Uni<Boolean> wantsSignIn(SessionRecord session) {
        return redis.send(Command.GET, Keys.signInWanted(session.id()))
                .map(revision -> revision != null && revision.toString().equals(Long.toString(session.tokensRev())));
    }
}
