package org.acme.session.internal.store;

import io.smallrye.mutiny.Uni;
import io.vertx.redis.client.Command;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.acme.session.contract.Keys;

/** Which logout tokens have done their work, for all instances (Back-Channel Logout 1.0, section 2.6, step 8). */
@Singleton
public class SeenLogoutTokens {

    /** No instance takes a token of that age any more, whatever its clock says. */
    private static final String REMEMBERED_MS =
            Long.toString(Duration.ofMinutes(10).toMillis());

    private final RedisGateway redis;

    SeenLogoutTokens(RedisGateway redis) {
        this.redis = redis;
    }

    public Uni<Boolean> isUsed(String issuer, String id) {
        return redis.send(Command.EXISTS, Keys.logoutToken(issuer, id)).map(found -> found.toInteger() > 0);
    }

    /** Counts a token as used. @return false when it was already */
    public Uni<Boolean> use(String issuer, String id) {
        return redis.send(Command.SET, Keys.logoutToken(issuer, id), "", "NX", "PX", REMEMBERED_MS)
                .map(answer -> answer != null);
    }
}
