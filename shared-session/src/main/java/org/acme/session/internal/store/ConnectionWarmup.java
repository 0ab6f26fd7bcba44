package org.acme.session.internal.store;

import io.quarkus.runtime.StartupEvent;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.stream.Stream;
import org.acme.session.contract.SessionId;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Opens the connections to Redis before this instance takes requests. The first ones would otherwise wait for that, and
 * a crowd of them for longer than the time limit. A Redis that is unavailable keeps no instance from starting.
 */
@Singleton
class ConnectionWarmup {

    private final SessionStore sessions;
    private final int most;

    ConnectionWarmup(SessionStore sessions, @ConfigProperty(name = "quarkus.redis.max-pool-size") int most) {
        this.sessions = sessions;
        this.most = most;
    }

    /** As many questions at once as there may be connections, about sessions that nobody has. */
    void open(@Observes StartupEvent event) {
        Uni.join()
                .all(Stream.generate(() -> sessions.peek(SessionId.random()))
                        .limit(most)
                        .toList())
                .andCollectFailures()
                .onFailure()
                .recoverWithNull()
                .await()
                .indefinitely();
    }
}
